import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { RunId } from '../../protocol/run.ts';
import { writeAtomically } from '../../runs/disk/atomicFile.ts';

const PanelId = v.pipe(v.string(), v.uuid());
const ShownRun = v.object({
  panelId: PanelId,
  runId: RunId,
  /** Absent of a run that is not kept, and where an earlier version wrote it. */
  folder: v.optional(v.string()),
  sessionId: v.string(),
});
const Shown = v.array(ShownRun);
/** Which run a panel shows, and in which window: one that is loaded anew is another one. */
export type ShownRun = v.InferOutput<typeof ShownRun>;

const MOST_BYTES = 2 ** 20;
/** Panels of windows that never came back are forgotten. */
const MOST_PANELS = 64;

/**
 * Remembers on the disk which run each panel shows. VS Code remembers what a panel's page says of itself only every few seconds
 * (five in a browser, a minute on the desktop): a window that is loaded anew sooner would bring back an earlier run.
 */
export class ShownRuns {
  readonly #path: string;
  readonly #sessionId: string;
  /** What there was when this window began; it is read before anything is written. */
  readonly before: Promise<readonly ShownRun[]>;
  #shown: readonly ShownRun[] = [];
  #closed = new Set<string>();
  #writing: Promise<void>;
  #isWaiting = false;

  /**
   * @param path of the file, in the extension's own storage, which several windows may share.
   * @param sessionId of this window.
   */
  constructor(path: string, sessionId: string) {
    this.#path = path;
    this.#sessionId = sessionId;
    this.before = read(path);
    this.#writing = this.before.then(() => undefined);
  }

  /** The run that a panel showed last, before this window began. */
  async runOf(panelId: string): Promise<ShownRun | undefined> {
    return (await this.before).find((one) => one.panelId === panelId);
  }

  /** These are the panels now; others of before may still come back. */
  note(shown: readonly ShownRun[]): void {
    for (const { panelId } of this.#shown) {
      if (!shown.some((one) => one.panelId === panelId)) this.#closed.add(panelId);
    }
    this.#shown = shown;
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#writing = this.#writing.then(() => this.#write());
  }

  /** Resolves when what was noted is on the disk. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    this.#isWaiting = false;
    const shown = this.#shown;
    const others = (await read(this.#path)).filter(
      ({ panelId, sessionId }) =>
        sessionId !== this.#sessionId && !this.#closed.has(panelId) && !shown.some((one) => one.panelId === panelId),
    );
    const all = [...shown, ...others].slice(0, MOST_PANELS);
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeAtomically(this.#path, new TextEncoder().encode(JSON.stringify(all)));
    } catch {
      // VS Code's own memory of the panels is left.
    }
  }
}

/** Nothing where there is no such file, or it is not one of ours. */
async function read(path: string): Promise<readonly ShownRun[]> {
  try {
    const status = await stat(path);
    if (!status.isFile() || status.size > MOST_BYTES) return [];
    const parsed = v.safeParse(Shown, JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.output : [];
  } catch {
    return [];
  }
}
