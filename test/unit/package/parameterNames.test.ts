import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

const SRC = join(import.meta.dirname, '../../../src');
/** The parameters of one layer of the tanh cell. */
const NAMES = /\b(?:W_xh|W_ah|b_h|W_ao|b_o)\b/;
const FEWER_THAN = 15;

test('few files outside of src/network name a parameter: what holds of one cell alone is said by the description', () => {
  const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tsbuildinfo'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.startsWith(join(SRC, 'network')) && NAMES.test(readFileSync(path, 'utf8')))
    .map((path) => relative(SRC, path));
  assert.ok(files.length < FEWER_THAN, `${files.length} files name parameters:\n${files.join('\n')}`);
});
