import type { BenchCase } from './cases.ts';
import type { Pacing } from './pairs.ts';
import type { PeerPool } from './peers.ts';
import type { Table } from './table.ts';
import type { BenchText } from './text.ts';

/** What every section works with. */
export interface Context {
  readonly quick: boolean;
  /** Of what is compared with the peers and the roof. */
  readonly cases: readonly BenchCase[];
  readonly text: BenchText;
  /** For files that go when the benchmark ends. */
  readonly folder: string;
  readonly peers: PeerPool;
  /** How long our trainer is warmed up at least before any figure. */
  readonly tierUpSeconds: number;
  /** For a look, which chooses who takes part in the pairs: the best of its rounds counts. */
  readonly look: Pacing;
  /** For figures that are compared. */
  readonly pairs: Pacing;
  /** Says what is going on. */
  log(line: string): void;
}

/** What a section found: for a reader, and everything behind it for a program. */
export interface Findings {
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
  readonly data: unknown;
}

export interface Section {
  readonly name: string;
  /** What it measures, for the usage. */
  readonly description: string;
  run(context: Context): Promise<Findings>;
}

/** Lets a contestant go when the work with it is done, however it ends. */
export async function using<R>(contestants: readonly { close(): Promise<void> }[], work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.close()));
  }
}
