import { join } from 'node:path';
import type { Tab } from '../../src/protocol/panel.ts';
import type { InspectionMode } from '../../src/protocol/worker.ts';
import { projectRoot } from '../workbench/paths.ts';
import { missing, type SettingValues } from './cases.ts';
import { JsonChild, startChild } from './children.ts';
import type { Contestant } from './contestant.ts';
import type { Looked, MemoryUsed, OursRequest, Ran, Started } from './oursProtocol.ts';
import type { BenchText } from './text.ts';

const WORKER = join(projectRoot, 'dist', 'worker.cjs');
const PROCESS = join(import.meta.dirname, 'oursProcess.ts');

/** This project's trainer in a process of its own, paused between pieces. */
export class Ours implements Contestant {
  readonly name: string;
  readonly started: Started;
  readonly #child: JsonChild;

  private constructor(name: string, child: JsonChild, started: Started) {
    this.name = name;
    this.#child = child;
    this.started = started;
  }

  /**
   * Starts a run and pauses it after its first iterations.
   * @throws {Error} with the reason, where the settings or the text are refused.
   */
  static async start(
    name: string,
    settings: SettingValues,
    text: BenchText,
    inspection: InspectionMode = 'display',
  ): Promise<Ours> {
    const child = new JsonChild(
      name,
      startChild(process.execPath, ['--disable-warning=ExperimentalWarning', PROCESS, WORKER]),
    );
    try {
      const { path, cacheFolder } = text;
      return new Ours(
        name,
        child,
        await ask<Started>(child, { command: 'start', settings, path, cacheFolder, inspection }),
      );
    } catch (error) {
      await child.close();
      throw error;
    }
  }

  run(seconds: number): Promise<Ran> {
    return ask<Ran>(this.#child, { command: 'run', seconds });
  }

  /** Looks into the run as for a panel that shows this tab, or no more. */
  watch(tab: Tab | null): Promise<object> {
    return ask<object>(this.#child, { command: 'watch', tab });
  }

  /** Windows one after the other, while the run goes on. */
  async looks(count: number): Promise<readonly Looked[]> {
    return (await ask<{ looked: Looked[] }>(this.#child, { command: 'looks', count })).looked;
  }

  memory(): Promise<MemoryUsed> {
    return ask<MemoryUsed>(this.#child, { command: 'memory' });
  }

  close(): Promise<void> {
    return this.#child.close();
  }
}

/** Starts a run where the settings are possible and come true; else says why not. */
export async function tryOurs(
  name: string,
  settings: SettingValues,
  text: BenchText,
  inspection?: InspectionMode,
): Promise<Ours | string> {
  const reason = missing(settings);
  if (reason !== undefined) return reason;
  const ours = await Ours.start(name, settings, text, inspection).catch((error: unknown) => (error as Error).message);
  if (typeof ours === 'string') return ours;
  const { kernels, threads } = ours.started;
  const asked = settings.threads;
  if (typeof asked === 'number' && asked > 0 && threads !== asked) {
    await ours.close();
    return `the ${kernels} kernels ran on ${threads} thread${threads === 1 ? '' : 's'}, not on ${asked}.`;
  }
  return ours;
}

function ask<Answer>(child: JsonChild, request: OursRequest): Promise<Answer> {
  return child.ask<Answer>({ ...request });
}
