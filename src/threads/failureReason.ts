import { l10n } from '../common/l10n.ts';

const OUT_OF_MEMORY_CODE = 'ERR_WORKER_OUT_OF_MEMORY';
/** How V8 words that a typed array could not be allocated. */
const ALLOCATION_FAILED = /array buffer allocation failed|invalid (typed )?array (buffer )?length/i;

/**
 * Why a thread that computes died, in words for a person.
 * @param work what it did, as a sentence begins.
 * @param thrown what ended it.
 */
export function failureReason(work: string, thrown: unknown): string {
  const line = firstLine(thrown);
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === OUT_OF_MEMORY_CODE || ALLOCATION_FAILED.test(line)) {
    return l10n.t('{work} ran out of memory ({line}). Lower hiddenSize, batchSize or sequenceLength.', { work, line });
  }
  return l10n.t('{work} failed: {line}', { work, line });
}

/** Of what was thrown, without where in the program that was. */
export function firstLine(thrown: unknown): string {
  const line = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n', 1)[0].trim();
  return line === '' ? l10n.t('an error without a message') : line;
}
