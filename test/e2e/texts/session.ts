import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomStream } from '../../../src/common/random.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { isLong } from '../../run/amount.ts';
import { projectRoot } from '../../workbench/paths.ts';
import { freshSession } from '../support.ts';

const fixture = (name: string): Uint8Array => readFileSync(join(projectRoot, 'test', 'fixtures', 'text', name));
const NAMES = ['empty.txt', 'binary.txt', 'one-character.txt', 'too-short.txt', 'large-vocabulary.txt', 'utf16le.txt'];

export const LARGE = 'large.txt';
/** Above what VS Code opens for extensions. */
export const LARGE_BYTES = 60 * 2 ** 20;
/** Letters that no network can foresee: what of them is in a message was copied into it. */
export const letters = randomLetters(2 ** 20);

function randomLetters(length: number): string {
  const random = RandomStream.seeded(11, 'text');
  const codes = Uint8Array.from({ length }, (_, at) => (at % 80 === 79 ? 0x0a : 0x61 + random.integer(26)));
  return Buffer.from(codes).toString('latin1');
}

/** One window for texts of every kind. */
export const session = freshSession({
  files: {
    ...Object.fromEntries(NAMES.map((name) => [name, fixture(name)])),
    // Long enough for the largest batch of the longest sequences, 2,500,000 characters.
    'long.txt': sampleText().repeat(17),
    ...(isLong() && { [LARGE]: letters.repeat(LARGE_BYTES / letters.length) }),
  },
});
