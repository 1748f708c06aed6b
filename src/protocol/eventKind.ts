import type { LineRun } from './eventLines.ts';
import * as v from 'valibot';

/** What a kind of event of a run is: the columns of the one list in `events.ts`. */

/** Every event is measured at an iteration. */
export interface Measured {
  readonly iteration: number;
}

/** A kind of event whose values are `V`, many of which travel as one `B`. */
export interface EventKind<V extends Measured, B> {
  readonly batch: BatchForm<V, B>;
  readonly memory: MemoryRule<V>;
  readonly folder: FolderRule<V>;
  /**
   * Of iteration N it measures the network from which iteration N starts: it still holds where a run goes on from iteration N.
   * Others are of the iteration itself, which is then done anew.
   */
  readonly isOfNetwork?: boolean;
  /** There is at most one of an iteration: another one contradicts it. */
  readonly isSingle?: boolean;
  /** It is found out by the study of a window, and does not come from the training thread. */
  readonly isFound?: boolean;
  /** Whether it can be of a run with so many symbols; without, of any. */
  readonly fits?: (value: V, symbols: number) => boolean;
  /** What a line of events says of it besides its `type`; without, its fields as they are. */
  readonly line?: (value: V, run: LineRun) => object;
}

/** How values travel between threads, and to a page. `batches.ts` says why some are packed. */
interface BatchForm<V, B> {
  readonly schema: v.GenericSchema<B>;
  readonly pack: (values: readonly V[]) => B;
  /** @throws {RangeError} where the parts of the batch contradict each other. */
  readonly unpack: (batch: B) => V[];
}

/** What of them stays in memory. */
export interface MemoryRule<V> {
  /**
   * `sparser`: all, and of too many every second one goes, never the newest. `spread`: evenly over all that came, the first always
   * among them, and the newest. `newest`: these alone.
   */
  readonly keeps: 'sparser' | 'spread' | 'newest';
  readonly most: number;
  /** What they may come to together, and what of it a value takes: fewer stay where they are large. */
  readonly size?: { readonly most: number; readonly of: (value: V) => number };
}

/** How they are kept in a run's folder. */
export interface FolderRule<V> {
  readonly file: 'metrics' | 'samples';
  /** Without, `runs/format/` has an encoding of its own for them. */
  readonly json?: JsonForm<V>;
  /**
   * Bytes that those of a run of a million iterations take: they are written the more seldom, the longer the run is, and given up
   * first where memory runs short while the file cannot be written. Without, all are written, and given up last, as rows are.
   */
  readonly spacedBytes?: number;
  /** So many stay where the file is written anew in less room, and in such a share of what the file may have. */
  readonly most: number;
  readonly share: number;
}

/** A record of kind 3: an object with a `type` and the value under a name. */
interface JsonForm<V> {
  readonly name: string;
  /** All its numbers must be finite besides. */
  readonly schema: v.GenericSchema<unknown, V>;
  readonly toJson: (value: V) => unknown;
}

/** Values of few numbers travel as a list of them. */
export function listOf<V>(schema: v.GenericSchema<V>): BatchForm<V, V[]> {
  return { schema: v.array(schema), pack: (values) => [...values], unpack: (batch) => batch };
}

/** Values whose fields are their record. */
export function inJson<V>(name: string, schema: v.GenericSchema<unknown, V>): JsonForm<V> {
  return { name, schema, toJson: (value) => value };
}

/** Gives a row its types. */
export function eventKind<V extends Measured, B>(row: EventKind<V, B>): EventKind<V, B> {
  return row;
}
