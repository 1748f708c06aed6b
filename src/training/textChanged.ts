import { InputError } from '../common/inputError.ts';
import type { StartingPoint } from '../protocol/worker.ts';
import type { ReadText } from './textFile.ts';

/** The text is not the one that the run began with, and the run is to go on exactly. */
export class TextChanged extends InputError {}

/**
 * Also before its symbols are looked at: a text that changed may have some that the network does not know, and that is not the reason.
 * @throws {TextChanged} where a run is to go on exactly on another text.
 */
export function checkSameText(from: StartingPoint, text: ReadText, name: string): void {
  if (from.mode !== 'exact' || from.text === undefined || from.text.sha256 === text.sha256) return;
  const { bytes: before } = from.text;
  const { bytes: now } = text;
  const sizes =
    before === now ? `it still has ${now} bytes, but other ones` : `it had ${before} bytes, and now has ${now}`;
  throw new TextChanged(`"${name}" changed since the run began: ${sizes}.`);
}
