import { setEnvironmentData } from 'node:worker_threads';
import type { Translation } from '../common/l10n.ts';

/** Under which a thread finds the translation of the program that started it (`translated.ts`). */
export const TRANSLATION_KEY = 'rnnInspector.translation';

/** Threads that are started from now on say what they say in this translation. */
export function translateThreads(translation: Translation | undefined): void {
  setEnvironmentData(TRANSLATION_KEY, translation);
}
