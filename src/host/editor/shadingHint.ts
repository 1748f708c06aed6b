import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { LOSS_BOUNDS } from '../../common/lossClasses.ts';
import { tell } from '../message.ts';

/** Whether the person knows what the shades are. */
const KNOWN = 'rnnInspector.knowsShading';
const TURN_OFF = l10n.t('Turn off shading');
const GOT_IT = l10n.t('Got it');

/** What the shades are, in full. */
export const EXPLAINED = l10n.t(
  'Each character of a text that a network learns is shaded by its loss, how surprised the network was of it: not at all below {least} nats, most from {most} nats on. A hover tells the numbers, and “Sampled text” in the panel has the same shades.',
  { least: LOSS_BOUNDS[0], most: LOSS_BOUNDS[LOSS_BOUNDS.length - 1] },
);

/** What is said once to a person who has not seen the shades before, and is remembered in all windows. */
export class ShadingHint implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #turnOff: () => void;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChange = this.#changed.event;

  /** @param turnOff switches the shades off, as the person asks for. */
  constructor(memory: vscode.Memento, turnOff: () => void) {
    this.#memory = memory;
    this.#turnOff = turnOff;
  }

  get isWanted(): boolean {
    return this.#memory.get<boolean>(KNOWN) !== true;
  }

  /** The person has seen it. */
  async take(): Promise<void> {
    await this.#memory.update(KNOWN, true);
    this.#changed.fire(undefined);
  }

  async turnOff(): Promise<void> {
    await this.take();
    this.#turnOff();
  }

  /** Explains the shades in a message, which is enough of a hint. */
  async tell(): Promise<void> {
    await this.take();
    if ((await tell(EXPLAINED, TURN_OFF, GOT_IT)) === TURN_OFF) this.#turnOff();
  }

  /** The hint as it stands above a text. */
  lenses(range: vscode.Range): vscode.CodeLens[] {
    // Short, since beside a panel an editor is narrow; a click tells it in full.
    const title = `RNN: ${l10n.t('shade = surprise (loss)')}`;
    return [
      new vscode.CodeLens(range, { title, tooltip: EXPLAINED, command: HINT_COMMANDS.explain }),
      new vscode.CodeLens(range, { title: GOT_IT, command: HINT_COMMANDS.take }),
      new vscode.CodeLens(range, { title: TURN_OFF, command: HINT_COMMANDS.turnOff }),
    ];
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** Of the hint alone: no palette has them. */
export const HINT_COMMANDS = {
  explain: 'rnnInspector.shadingHint.explain',
  turnOff: 'rnnInspector.shadingHint.turnOff',
  take: 'rnnInspector.shadingHint.take',
} as const;
