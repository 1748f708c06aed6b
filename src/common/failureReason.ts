const OUT_OF_MEMORY_CODE = 'ERR_WORKER_OUT_OF_MEMORY';
/** How V8 words that a typed array could not be allocated. */
const ALLOCATION_FAILED = /array buffer allocation failed|invalid (typed )?array (buffer )?length/i;

/** Why a training thread died, in words for a person, from what it threw. */
export function failureReason(error: unknown): string {
  const firstLine = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0].trim();
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === OUT_OF_MEMORY_CODE || ALLOCATION_FAILED.test(firstLine)) {
    return `Training ran out of memory (${firstLine}). Lower hiddenSize, batchSize or sequenceLength.`;
  }
  return `Training failed: ${firstLine === '' ? 'an error without a message' : firstLine}`;
}
