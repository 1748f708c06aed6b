import { capitalized } from '../../common/written.ts';
import type { RunState } from '../../protocol/run.ts';
import { STATE_TEXTS } from '../../protocol/stateTexts.ts';

/** How a run stands, in a word. */
export const STATE_WORDS = Object.fromEntries(
  Object.entries(STATE_TEXTS).map(([state, text]) => [state, capitalized(text)]),
) as Readonly<Record<RunState, string>>;
