import { aboutRun, type PictureData, type PictureValue } from '../../charts/pictureData.ts';
import { formatNorm, quotedSymbol, visibleSymbol } from '../../../common/format.ts';
import type { Memory } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import type { Network } from '../../../network/network.ts';
import { reachNames } from '../../../network/reach.ts';
import type { PanelState } from '../../state/panelState.ts';
import type { PanelContext } from '../view.ts';

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

/** How the file of an influence begins, which names where it was measured if that could be elsewhere. */
export function influenceStem(network: Network, name: string): string[] {
  return isOnlyReach(network) ? ['influence'] : ['influence-on', name];
}

/** Whether errors are measured at a single place, so that nothing needs to say where. */
export function isOnlyReach(network: Network): boolean {
  return network.layers === 1 && reachNames(network, 1).length === 1;
}

/** What a picture's numbers belong to. */
export function aboutWindow(
  run: MirroredRun,
  { iteration, stream, position }: Memory,
  more: Readonly<Record<string, PictureValue>>,
): Record<string, PictureValue> {
  return {
    ...aboutRun(run),
    iteration,
    stream,
    position,
    norms: 'of one stream, L(t) in nats and not divided by N, before clipping',
    ...more,
  };
}

/** The numbers of a picture of the window that is there; none while there is no window. */
export function windowData(
  { state }: PanelContext,
  dataOf: (memory: Memory, run: MirroredRun) => PictureData | undefined,
): () => PictureData | undefined {
  return () => {
    const { run, study } = state;
    return run === undefined || study.memory === undefined ? undefined : dataOf(study.memory, run);
  };
}

/** A memory horizon in words; null is one that the window of T steps does not reach, 0 says that no error passes. */
export function horizonText(lag: number | null, T: number): string {
  if (lag === 0) return '0 steps: nothing passes at all';
  return lag === null ? `beyond the window (> ${T - 1} steps)` : stepsText(lag);
}

/** 1 step, 23 steps. */
export function stepsText(count: number): string {
  return `${count} ${count === 1 ? 'step' : 'steps'}`;
}

/** A share as per cent with three digits, from a level on that nobody reads the digits of any more. */
export function percentText(share: number): string {
  return share > 0 && share < 1e-6 ? '< 0.0001 %' : `${formatNorm(100 * share)} %`;
}
