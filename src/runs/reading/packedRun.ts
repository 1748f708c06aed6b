import type { RunFacts } from '../../protocol/run.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';

/**
 * A run as it travels from the reading thread: its symbols, of which there may be twenty thousand, in one string. A list of many runs
 * holds them so, and hardly ever looks at them: as many strings each would take the collection of garbage longer than a thread that
 * others share may stand still.
 */
export type PackedRun = Omit<StoredRun, 'facts'> & {
  readonly facts?: Omit<RunFacts, 'vocabulary'> & { readonly symbols: string };
};

export function packed({ facts, ...run }: StoredRun): PackedRun {
  if (facts === undefined) return run;
  const { vocabulary, ...rest } = facts;
  return { ...run, facts: { ...rest, symbols: JSON.stringify(vocabulary) } };
}

/** The run itself; its symbols are made when somebody looks at them. */
export function unpacked({ facts, ...run }: PackedRun): StoredRun {
  if (facts === undefined) return run;
  const { symbols, ...rest } = facts;
  let vocabulary: string[] | undefined;
  return {
    ...run,
    facts: {
      ...rest,
      get vocabulary() {
        return (vocabulary ??= JSON.parse(symbols) as string[]);
      },
    },
  };
}
