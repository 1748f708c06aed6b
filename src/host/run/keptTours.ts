import * as v from 'valibot';
import type * as vscode from 'vscode';
import { RunId } from '../../protocol/run.ts';
import { TourChoice } from '../../protocol/tour.ts';

const KEY = 'rnnInspector.tours';
/** Tours that are remembered, the newest. */
const MOST_TOURS = 20;

const Kept = v.array(v.object({ runId: RunId, tour: TourChoice }));

/** Where the tours through runs were, for panels that come back without knowing. */
export class KeptTours {
  readonly #memory: Pick<vscode.Memento, 'get' | 'update'>;

  constructor(memory: Pick<vscode.Memento, 'get' | 'update'>) {
    this.#memory = memory;
  }

  of(runId: string): TourChoice | undefined {
    return this.#all.find((kept) => kept.runId === runId)?.tour;
  }

  async keep(runId: string, tour: TourChoice): Promise<void> {
    const others = this.#all.filter((kept) => kept.runId !== runId);
    await this.#memory.update(KEY, [...others, { runId, tour }].slice(-MOST_TOURS));
  }

  /** What an older version wrote otherwise counts for nothing. */
  get #all(): v.InferOutput<typeof Kept> {
    const parsed = v.safeParse(Kept, this.#memory.get(KEY));
    return parsed.success ? parsed.output : [];
  }
}
