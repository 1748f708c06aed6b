import { WindowFollower, type FollowedNetwork } from '../../src/host/study/follower.ts';
import type { Tab } from '../../src/protocol/panel.ts';
import { Study } from '../../src/study/study.ts';
import type { Looked } from './oursProtocol.ts';

/** Looks into a run as the host does for a panel. */
export class Looking {
  readonly #network: FollowedNetwork;
  readonly #study: Study;
  readonly #follower: WindowFollower;
  #windows = 0;
  #failure: string | undefined;

  constructor(network: FollowedNetwork, studyPath: string, runId: string) {
    this.#network = network;
    const failed = (reason: string | undefined): void => void (this.#failure ??= reason);
    this.#study = new Study(studyPath, runId, { baselines: () => undefined, failed });
    this.#follower = new WindowFollower(network, () => this.#study, {
      found: ({ tape }) => void (this.#windows += tape === undefined ? 0 : 1),
      problem: failed,
    });
  }

  /** As a panel that shows this tab, or as none. */
  watch(tab: Tab | null): void {
    this.#follower.watch(tab === null ? undefined : { tab, stream: 0, reading: null });
  }

  /**
   * One window, as soon as it can be had.
   * @throws {Error} with the first problem that there was.
   */
  async look(): Promise<Looked> {
    if (this.#failure !== undefined) throw new Error(this.#failure);
    const startedMs = performance.now();
    const capture = await this.#network.capture();
    const capturedMs = performance.now();
    this.#study.take(capture);
    const where = { iteration: capture.iteration, stream: 0 };
    await this.#study.ask('tape', where);
    const tapeMs = performance.now();
    await this.#study.ask('memory', where);
    const memoryMs = performance.now();
    await this.#study.ask('spectrum', { iteration: capture.iteration });
    return {
      captureMs: capturedMs - startedMs,
      tapeMs: tapeMs - capturedMs,
      memoryMs: memoryMs - tapeMs,
      spectrumMs: performance.now() - memoryMs,
      windows: this.#windows,
    };
  }
}
