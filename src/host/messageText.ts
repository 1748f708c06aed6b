import { visible } from '../common/foreignText.ts';

/** VS Code cuts a notification there. */
const LONGEST = 1000;

/**
 * A message so that VS Code shows it as it is. VS Code makes a link of `[words](address)` in notifications, also one that runs a command;
 * messages quote names that somebody else may have chosen, so here nothing becomes one.
 */
export function messageText(text: string): string {
  const line = visible(text.slice(0, 2 * LONGEST).replace(/\s+/g, ' '));
  return (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line).replaceAll('](', '] (');
}
