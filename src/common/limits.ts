/** Lengths that who reads, who writes and who asks a person have to agree on. */

/** Symbols of the largest vocabulary: the matrices of input and output and the softmax grow with it. */
export const MAX_SYMBOLS = 20_000;
/** Symbols that a validation measures at most: more would take minutes and hardly change the loss. */
export const MAX_VALIDATION_SYMBOLS = 1_000_000;

/** Characters, or bytes, of a text that is sampled, and of its prompt. */
export const MAX_SAMPLE_LENGTH = 10_000;
/** The likeliest symbols that a sample is drawn from. */
export const MAX_TOP_K = 100_000;

/** Characters of a name that a person gives a run, or that another run goes by. */
export const MAX_RUN_NAME = 200;
/** Characters of the name of a file. */
export const MAX_FILE_NAME = 4096;
/** Characters of a reason; longer ones are cut by who writes them. */
export const MAX_REASON = 10_000;
/** Characters of a text that a page puts on the clipboard. */
export const MAX_COPIED = 1_000_000;
/** Columns of a run's rows, and quantities of its time steps: several times those of the largest network. */
export const MAX_COLUMNS = 512;
/** Characters of the name of one. */
export const MAX_COLUMN_NAME = 64;
