import type { Tab } from '../../src/protocol/panel.ts';
import type { InspectionMode } from '../../src/protocol/worker.ts';
import type { SettingValues } from './cases.ts';

/** What oursProcess.ts is asked, one JSON object a line. */
export type OursRequest =
  | {
      readonly command: 'start';
      readonly settings: SettingValues;
      readonly path: string;
      readonly cacheFolder: string;
      readonly inspection: InspectionMode;
    }
  | { readonly command: 'run'; readonly seconds: number }
  | { readonly command: 'watch'; readonly tab: Tab | null }
  | { readonly command: 'looks'; readonly count: number }
  | { readonly command: 'memory' };

/** The run is paused after its first iterations. */
export interface Started {
  readonly kernels: string;
  readonly threads: number;
  readonly vocabularySize: number;
  /** From the request to start, before the file is read, to the arrival of the first iteration. */
  readonly firstIterationMs: number;
}

export interface ValidationAt {
  /** Wall time since the run's first piece began, without the pauses between pieces. */
  readonly seconds: number;
  readonly lossNats: number;
}

/** A piece of training. */
export interface Ran {
  readonly characters: number;
  readonly seconds: number;
  /** Of the last iteration. */
  readonly lossNats: number;
  readonly validations: readonly ValidationAt[];
}

/** How long it took to look into a window. */
export interface Looked {
  /** Until the iteration under way was done. */
  readonly captureMs: number;
  readonly tapeMs: number;
  /** Influence, lag profile and all that goes with them. */
  readonly memoryMs: number;
  readonly spectrumMs: number;
  /** Windows that a panel was shown so far. */
  readonly windows: number;
}

export interface MemoryUsed {
  /** Resident bytes before the text was read. */
  readonly startBytes: number;
  /** The most that was ever resident. */
  readonly peakBytes: number;
}
