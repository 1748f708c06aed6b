import type { WindowSizes } from '../../network/windowNumbers.ts';
import type { RunDescription } from '../../protocol/panel.ts';

/** The sizes of the window of a stream of a run; undefined until its text is read, which decides V. */
export function windowSizesOf({
  description: { facts, settings },
}: {
  readonly description: Pick<RunDescription, 'facts' | 'settings'>;
}): WindowSizes | undefined {
  return facts && { V: facts.vocabulary.length, H: settings.hiddenSize, T: settings.sequenceLength };
}
