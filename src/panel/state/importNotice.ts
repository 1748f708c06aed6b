import { importWarning } from '../../protocol/imported.ts';
import type { RunDescription } from '../../protocol/panel.ts';

/** What is said of a run whose network was trained elsewhere. */
export interface ImportNotice {
  /** From where it came, and what was assumed of it. */
  readonly text: string;
  /** Where its first loss says that an assumption is wrong. */
  readonly warning: string | undefined;
  /** What the file said and what was done with it, a line each. */
  readonly details: string;
}

/** Undefined for a run that began with a network of its own. */
export function importNotice({ imported, facts }: RunDescription): ImportNotice | undefined {
  if (imported === undefined) return undefined;
  const { fileName, assumptions, notes } = imported;
  const assumed = assumptions.length === 0 ? 'Nothing had to be assumed of it.' : `Assumed: ${assumptions.join(' ')}`;
  return {
    text: `Network imported from ${fileName}. ${assumed}`,
    warning: facts && importWarning(imported, facts.vocabulary.length),
    details: notes.join('\n'),
  };
}
