import { formatNorm, groupDigits, quotedSymbol, visibleSymbol } from '../../format.ts';
import type { Memory } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import type { PanelState } from '../../state/panelState.ts';

/** The window that the tab looks into: its characters, its chosen row, and how it is named. Pure functions. */

type Facts = MirroredRun['description']['facts'];

/** What each time step read, made visible. */
export function charactersRead(facts: Facts, { inputs }: Pick<Memory, 'inputs'>): string[] {
  return Array.from(inputs, (id) => visibleSymbol(facts?.vocabulary[id] ?? ''));
}

/** A step with the character it read: s = 42 (‘h’). */
export function stepLabel(
  facts: Facts,
  { inputs }: Pick<Memory, 'inputs'>,
  step: number,
  name: 's' | 't' = 't',
): string {
  const symbol = facts?.vocabulary[inputs[step]];
  return symbol === undefined ? `${name} = ${step}` : `${name} = ${step} (${quotedSymbol(symbol)})`;
}

/** The error of a step with what it read and should have predicted: t = 49 (‘e’ → ‘r’). */
export function errorText(facts: Facts, { inputs, targets }: Pick<Memory, 'inputs' | 'targets'>, t: number): string {
  const read = facts?.vocabulary[inputs[t]];
  const asked = facts?.vocabulary[targets[t]];
  return read === undefined || asked === undefined
    ? `t = ${t}`
    : `t = ${t} (${quotedSymbol(read)} → ${quotedSymbol(asked)})`;
}

/** The time step whose error is followed: the chosen one, else the last. */
export function chosenRow(state: PanelState, T: number): number {
  return Math.min(state.choices?.step ?? T - 1, T - 1);
}

/** What a picture's numbers belong to. */
export function aboutWindow(
  { description }: Pick<MirroredRun, 'description'>,
  { iteration, stream, position, inputs }: Memory,
  more: Readonly<Record<string, string | number | null>>,
): Record<string, string | number | null> {
  return {
    file: description.fileName,
    iteration,
    stream,
    firstCharacter: position,
    T: inputs.length,
    normsAre: 'of one stream, L(t) in nats and not divided by N, before clipping',
    ...more,
  };
}

/** Which window is shown, and what it is in relation to the run as it stands. */
export function windowNote(
  { history, status }: MirroredRun,
  memory: { readonly iteration: number; readonly stream: number } | undefined,
  stream: number,
  isLive: boolean,
): string {
  if (memory === undefined) return 'no window has been looked into yet';
  const of =
    memory.stream === stream
      ? ''
      : `, still of stream ${memory.stream + 1}: that of stream ${stream + 1} is on its way`;
  const window = `window of iteration ${groupDigits(memory.iteration)}, before its update`;
  const behind = history.iterations - memory.iteration;
  if (behind <= 0) return `${window} (next, not yet run)${of}`;
  const standing = isLive
    ? ''
    : status.state === 'running'
      ? ': it stays while you read, training goes on'
      : ': it stays until you go back to live';
  return `${window}, ${groupDigits(behind)} ${behind === 1 ? 'iteration' : 'iterations'} ago${standing}${of}`;
}

/** A memory horizon in words; null is one that the window of T steps does not reach. */
export function horizonText(lag: number | null, T: number): string {
  return lag === null ? `beyond the window (> ${T - 1} steps)` : `${lag} ${lag === 1 ? 'step' : 'steps'}`;
}

/** A share as per cent with three digits, from a level on that nobody reads the digits of any more. */
export function percentText(share: number): string {
  return share > 0 && share < 1e-6 ? '< 0.0001 %' : `${formatNorm(100 * share)} %`;
}
