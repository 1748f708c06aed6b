import { l10n } from '../common/l10n.ts';
import type { SwitchSetting } from './setting.ts';

/** Something that the editor shows of a run: its setting `rnnInspector.editor.*`, its command and its name. */
interface EditorFeature extends SwitchSetting {
  readonly command: string;
  readonly label: string;
}

function feature(command: string, label: string, description: string): EditorFeature {
  // Each is on or off for all editors of a window, so a folder has no value of its own.
  return { type: 'boolean', default: true, scope: 'window', command, label, description };
}

/** What the editor shows of a run, everything until it is switched off. */
export const FEATURES = {
  lossShading: feature(
    'toggleLossShading',
    l10n.t('Loss shading'),
    'Shade the characters on the screen by their loss, in the editor of a file that an RNN is trained on: not at all below 0.25 nats, most from 4 nats on. Text that changed since the run began is not shaded.',
  ),
  trainingWindow: feature(
    'toggleTrainingWindow',
    l10n.t('Training window mark'),
    'Mark the characters that the inspected window of training reads, in the editor of its file.',
  ),
  characterHover: feature(
    'toggleCharacterHover',
    l10n.t('Character hover'),
    'Tell of the character under the mouse how likely the network found it, what it expected instead, and where it lies in the inspected window.',
  ),
  caretLink: feature(
    'toggleCaretLink',
    l10n.t('Caret link'),
    'Tie the caret to the panel: moving it into the inspected window chooses that time step, and a time step chosen in the panel shows its character.',
  ),
};

export type Feature = keyof typeof FEATURES;
export const FEATURE_NAMES = Object.keys(FEATURES) as Feature[];
