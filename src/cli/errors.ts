/** The exit codes of the headless form. An interrupted run ends with what shells give a program ended by Ctrl-C. */
export const EXIT = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** The command cannot be understood: shown with the usage, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command was understood but cannot be carried out: one line, exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
