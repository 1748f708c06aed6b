import type { Work } from '../common/work.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { tensorNamed, type Tensors, type Vector } from '../model/tensors.ts';
import { productNumbers } from '../network/network.ts';
import type { SymbolScores } from './symbolScores.ts';
import type { Piece } from './scoredPieces.ts';

/** How far the state in which a piece begins may be from the one in which the piece before it ends. */
const STATE_TOLERANCE = 1e-5;

/** All states of the network by their names, (H) each, at two places of a piece. */
interface States {
  /** Before the network reads the symbol in front of the first scored one. */
  readonly begun: Tensors;
  /** After it read the last symbol. */
  readonly ended: Tensors;
}

/** A piece that is to be read, by its number: from the beginning, or from the states (H) in front of what it scores. */
interface Task {
  readonly number: number;
  readonly from: number;
  readonly start?: Tensors;
}

/** What a stream reads, and how far it is. */
interface Reader {
  readonly task: Task;
  at: number;
}

/** Networks that forget are done after one round of pieces side by side, or two. */
const ROUNDS_SIDE_BY_SIDE = 2;

/**
 * Reads all pieces and tells the scores what the network expects. A piece that warmed up to other states than the piece
 * before it ended in is read again from those; of networks that do not forget what is left is then read in one stream, from
 * its beginning to its end. A unit of the work is a window.
 * @param kernelsFor gives the same network for several streams (true) and for one.
 */
export function* readAll(
  kernelsFor: (isForAll: boolean) => Kernels,
  ids: Int32Array,
  pieces: readonly Piece[],
  scores: SymbolScores,
): Work<void> {
  const kernels = kernelsFor(pieces.length > 1);
  const states = pieces.map((): States => ({ begun: zerosOf(kernels), ended: zerosOf(kernels) }));
  yield* readTasks(
    kernels,
    ids,
    pieces,
    pieces.map(({ from }, number): Task => ({ number, from })),
    states,
    scores,
  );
  const again = (number: number): Task[] => {
    const { continues, firstScored } = pieces[number];
    if (!continues || !differ(states[number].begun, states[number - 1].ended)) return [];
    return [{ number, from: firstScored - 1, start: copied(states[number - 1].ended) }];
  };
  for (let round = 1; round < ROUNDS_SIDE_BY_SIDE; round++) {
    yield* readTasks(
      kernels,
      ids,
      pieces,
      pieces.flatMap((_, number) => again(number)),
      states,
      scores,
    );
  }
  for (let number = 1; number < pieces.length; number++) {
    const tasks = again(number);
    if (tasks.length > 0) yield* readTasks(kernelsFor(false), ids, pieces, tasks, states, scores);
  }
}

/** Reads pieces, each in the next stream that is free, window by window. */
function* readTasks(
  kernels: Kernels,
  ids: Int32Array,
  pieces: readonly Piece[],
  tasks: readonly Task[],
  states: readonly States[],
  scores: SymbolScores,
): Work<void> {
  const { network, shape } = kernels;
  const { T, B } = shape;
  const cost = T * B * productNumbers(network.parameters, shape);
  const waiting = tasks.values();
  const readers = new Array<Reader | undefined>(B).fill(undefined);
  for (;;) {
    for (let b = 0; b < B; b++) readers[b] ??= nextReader(kernels, waiting.next().value, b);
    if (readers.every((reader) => reader === undefined)) return;
    fillWindow(kernels, ids, pieces, readers);
    kernels.forward();
    for (let b = 0; b < B; b++) {
      const reader = readers[b];
      if (reader === undefined) continue;
      const { number } = reader.task;
      takeWindow(kernels, pieces[number], reader.at, b, states[number], scores);
      reader.at += T;
      if (reader.at >= pieces[number].to) readers[b] = undefined;
    }
    kernels.carryState();
    yield cost;
  }
}

/** Begins a task, if there is one, in stream b. */
function nextReader(kernels: Kernels, task: Task | undefined, b: number): Reader | undefined {
  if (task === undefined) return undefined;
  for (const state of kernels.network.states) {
    const carried = stateBefore(kernels, state, 0, b);
    if (task.start === undefined) carried.fill(0);
    else carried.set(task.start[state]);
  }
  return { task, at: task.from };
}

/** (H): a state of stream b before step t of a window; slot t of its tensor (T+1, B, H). */
function stateBefore({ activations, shape: { B, H } }: Kernels, state: string, t: number, b: number): Vector {
  return tensorNamed(activations, state).subarray((t * B + b) * H, (t * B + b + 1) * H);
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
  kernels: Kernels,
  piece: Piece,
  from: number,
  b: number,
  states: States,
  scores: SymbolScores,
): void {
  const { T, B } = kernels.shape;
  const end = Math.min(piece.to, from + T);
  const scored = piece.firstScored - 1;
  for (const state of kernels.network.states) {
    if (from <= scored && scored < end) states.begun[state].set(stateBefore(kernels, state, scored - from, b));
    if (end === piece.to) states.ended[state].set(stateBefore(kernels, state, end - from, b));
  }
  for (let at = Math.max(from, scored); at < end; at++) scores.take(kernels, (at - from) * B + b, at + 1);
}

/** States that are not finite differ from none: nothing would make them fit. */
function differ(one: Tensors, other: Tensors): boolean {
  return Object.entries(one).some(([state, values]) =>
    values.some((value, i) => Math.abs(value - other[state][i]) > STATE_TOLERANCE),
  );
}

function zerosOf({ network, shape }: Kernels): Tensors {
  return Object.fromEntries(network.states.map((state) => [state, new Float32Array(shape.H)]));
}

function copied(states: Tensors): Tensors {
  return Object.fromEntries(Object.entries(states).map(([state, values]) => [state, values.slice()]));
}
