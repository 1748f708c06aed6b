import type { Network } from '../../network/network.ts';
import { updateMs } from '../../protocol/measures.ts';
import type { FromPanel, Tab } from '../../protocol/panel.ts';
import type { WindowSizes } from '../../network/windowNumbers.ts';
import type { MatrixName } from '../../protocol/study.ts';
import { windowSizesOf } from '../network/windowSizes.ts';
import { choicesFor } from './runChoices.ts';
import type { MirroredRun } from './mirror.ts';
import { shownWeight } from '../network/choices.ts';
import type { RunChoices, UiState, WeightChoice } from './uiState.ts';

/** What a person chose to look into; kept with the run's other choices. */
export interface StudyChoices {
  readonly stream: number;
  /** The time step chosen; null is the last one. */
  readonly step: number | null;
  /** Which step of side B is open, from 1 on. */
  readonly backwardStep: number;
  /** The matrix that is open, or null. */
  readonly matrix: MatrixName | null;
  /** The weight whose update is followed. */
  readonly weight: WeightChoice;
  /** The iteration whose window is read; null where training is followed. */
  readonly reading: number | null;
}

/** What the study of a window needs of the rest of the panel's state. */
export interface StudyOwner {
  readonly runId: string | undefined;
  readonly network: Network;
  readonly tab: Tab;
  /** The recurrent weight whose spectrum is wanted, where the network has one. */
  readonly weight: string | undefined;
  /** Of the window of a stream, once the text is read. */
  readonly sizes: WindowSizes | undefined;
  /** What the update of a weight is expected to take. */
  readonly updateMs: number;
  /** The run goes on, or may go on: windows may still come. */
  readonly isTraining: boolean;
  /** The run is computing: windows follow one another. */
  readonly isRunning: boolean;
  readonly studyChoices: StudyChoices;
  chooseStudy(change: Partial<StudyChoices>): void;
  send(message: FromPanel): void;
  changed(): void;
}

/** The panel's state, as far as an owner of a study is made of it. */
interface Shown extends Pick<StudyOwner, 'network' | 'isTraining' | 'send'> {
  readonly run: MirroredRun | undefined;
  readonly choices: RunChoices | null;
  readonly ui: Pick<UiState, 'tab' | 'layer' | 'weight'>;
  chooseForRun(change: Partial<StudyChoices>): void;
}

const NO_CHOICES = choicesFor('', { prompt: '', temperature: 1, length: 1 });

/** The owner that tells at any time how the panel's state is then. */
export function studyOwnerOf(shown: Shown, changed: () => void): StudyOwner {
  return {
    get runId() {
      return shown.run?.description.runId;
    },
    get network() {
      return shown.network;
    },
    get tab() {
      return shown.ui.tab;
    },
    get weight() {
      return shownWeight(shown.network, shown.ui);
    },
    get sizes() {
      return shown.run && windowSizesOf(shown.run);
    },
    get updateMs() {
      const { settings, facts } = shown.run?.description ?? {};
      return settings === undefined ? 0 : updateMs(settings, facts?.vocabulary.length ?? 0);
    },
    get isTraining() {
      return shown.isTraining;
    },
    get isRunning() {
      return shown.run?.status.state === 'running';
    },
    get studyChoices() {
      return shown.choices ?? NO_CHOICES;
    },
    chooseStudy: (change) => shown.chooseForRun(change),
    send: (message) => shown.send(message),
    changed,
  };
}
