import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

const SRC = join(import.meta.dirname, '../../../src');
/** The parameters of one layer of the tanh cell. */
const NAMES = /\b(?:W_xh|W_ah|b_h|W_ao|b_o)\b/;
/** It describes the files of a run byte by byte. */
const NAMING = ['runs/README.md'];

test('no file outside of src/network names a parameter but the format of a run: what holds of one cell alone is said by the description', () => {
  const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tsbuildinfo'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.startsWith(join(SRC, 'network')) && NAMES.test(readFileSync(path, 'utf8')))
    .map((path) => relative(SRC, path));
  assert.deepEqual(files, NAMING);
});
