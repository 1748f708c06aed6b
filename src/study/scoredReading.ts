import type { Work } from '../common/work.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { SymbolScores } from './symbolScores.ts';
import type { Piece } from './scoredPieces.ts';

/** How far the state in which a piece begins may be from the one in which the piece before it ends. */
const STATE_TOLERANCE = 1e-5;

/** The states of a piece, both (H). */
interface States {
  /** Before the network reads the symbol in front of the first scored one. */
  begun: Float32Array;
  /** After it read the last symbol. */
  ended: Float32Array;
}

/** A piece that is to be read, by its number: from the beginning, or from a state (H) in front of what it scores. */
interface Task {
  readonly number: number;
  readonly from: number;
  readonly start?: Float32Array;
}

/** What a stream reads, and how far it is. */
interface Reader {
  readonly task: Task;
  at: number;
}

/** Networks that forget are done after one round of pieces side by side, or two. */
const ROUNDS_SIDE_BY_SIDE = 2;

/**
 * Reads all pieces and tells the scores what the network expects. A piece that warmed up to another state than the piece
 * before it ended in is read again from that one; of networks that do not forget what is left is then read in one stream, from
 * its beginning to its end. A unit of the work is a window.
 * @param networkOf gives the same network for several streams (true) and for one.
 */
export function* readAll(
  networkOf: (isForAll: boolean) => Kernels,
  ids: Int32Array,
  pieces: readonly Piece[],
  scores: SymbolScores,
): Work<void> {
  const network = networkOf(pieces.length > 1);
  const { H } = network.shape;
  const states = pieces.map((): States => ({ begun: new Float32Array(H), ended: new Float32Array(H) }));
  yield* readTasks(
    network,
    ids,
    pieces,
    pieces.map(({ from }, number): Task => ({ number, from })),
    states,
    scores,
  );
  const again = (number: number): Task[] => {
    const { continues, firstScored } = pieces[number];
    if (!continues || !differ(states[number].begun, states[number - 1].ended)) return [];
    return [{ number, from: firstScored - 1, start: states[number - 1].ended.slice() }];
  };
  for (let round = 1; round < ROUNDS_SIDE_BY_SIDE; round++) {
    yield* readTasks(
      network,
      ids,
      pieces,
      pieces.flatMap((_, number) => again(number)),
      states,
      scores,
    );
  }
  for (let number = 1; number < pieces.length; number++) {
    const tasks = again(number);
    if (tasks.length > 0) yield* readTasks(networkOf(false), ids, pieces, tasks, states, scores);
  }
}

/** Reads pieces, each in the next stream that is free, window by window. */
function* readTasks(
  network: Kernels,
  ids: Int32Array,
  pieces: readonly Piece[],
  tasks: readonly Task[],
  states: readonly States[],
  scores: SymbolScores,
): Work<void> {
  const { B } = network.shape;
  const waiting = tasks.values();
  const readers = new Array<Reader | undefined>(B).fill(undefined);
  for (;;) {
    for (let b = 0; b < B; b++) readers[b] ??= nextReader(network, waiting.next().value, b);
    if (readers.every((reader) => reader === undefined)) return;
    fillWindow(network, ids, pieces, readers);
    network.forward();
    for (let b = 0; b < B; b++) {
      const reader = readers[b];
      if (reader === undefined) continue;
      const { number } = reader.task;
      takeWindow(network, pieces[number], reader.at, b, states[number], scores);
      reader.at += network.shape.T;
      if (reader.at >= pieces[number].to) readers[b] = undefined;
    }
    network.carryState();
    const { T, H, V } = network.shape;
    yield T * B * H * (H + V);
  }
}

/** Begins a task, if there is one, in stream b. */
function nextReader({ activations, shape }: Kernels, task: Task | undefined, b: number): Reader | undefined {
  if (task === undefined) return undefined;
  const { H } = shape;
  const state = activations.a.subarray(b * H, (b + 1) * H);
  if (task.start === undefined) state.fill(0);
  else state.set(task.start);
  return { task, at: task.from };
}

/** Past the end of a piece, and in streams without one, the network reads symbol 0, which nobody asks about. */
function fillWindow(
  { window, shape }: Kernels,
  ids: Int32Array,
  pieces: readonly Piece[],
  readers: readonly (Reader | undefined)[],
): void {
  const { T, B } = shape;
  window.inputs.fill(0);
  readers.forEach((reader, b) => {
    if (reader === undefined) return;
    const end = Math.min(pieces[reader.task.number].to, reader.at + T);
    for (let at = reader.at; at < end; at++) window.inputs[(at - reader.at) * B + b] = ids[at];
  });
}

/** What stream b says in a window that begins with symbol `from` of the piece. */
function takeWindow(
  network: Kernels,
  piece: Piece,
  from: number,
  b: number,
  states: States,
  scores: SymbolScores,
): void {
  const { T, B, H } = network.shape;
  const { a } = network.activations;
  const end = Math.min(piece.to, from + T);
  const scored = piece.firstScored - 1;
  // Slot t of `a` (T+1, B, H) is the state before step t.
  const stateBefore = (at: number): typeof a => a.subarray(((at - from) * B + b) * H, ((at - from) * B + b + 1) * H);
  if (from <= scored && scored < end) states.begun.set(stateBefore(scored));
  if (end === piece.to) states.ended.set(stateBefore(end));
  for (let at = Math.max(from, scored); at < end; at++) scores.take(network, (at - from) * B + b, at + 1);
}

/** States that are not finite differ from none: nothing would make them fit. */
function differ(one: Float32Array, other: Float32Array): boolean {
  return one.some((value, i) => Math.abs(value - other[i]) > STATE_TOLERANCE);
}
