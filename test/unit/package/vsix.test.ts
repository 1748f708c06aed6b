import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { projectRoot, vsixFile } from '../../workbench/paths.ts';
import { readZip } from './zip.ts';

const largestBytes = 1_000_000;

/** What the packaged extension needs to run and to be shown in the marketplace. */
const expected = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/LICENSE.txt',
  'extension/changelog.md',
  'extension/dist/THIRD-PARTY-NOTICES.txt',
  'extension/dist/extension.cjs',
  'extension/dist/kernels-relaxed.wasm',
  'extension/dist/kernels-simd.wasm',
  'extension/dist/member.cjs',
  'extension/dist/panel/codicon.ttf',
  'extension/dist/panel/compare.js',
  'extension/dist/panel/panel.js',
  'extension/dist/panel/style.css',
  'extension/dist/reading.cjs',
  'extension/dist/study.cjs',
  'extension/dist/worker.cjs',
  'extension/l10n/bundle.l10n.de.json',
  'extension/media/icon.png',
  'extension/media/panel-dark.svg',
  'extension/media/panel-light.svg',
  'extension/media/runs.svg',
  'extension/package.json',
  'extension/package.nls.de.json',
  'extension/package.nls.json',
  'extension/readme.md',
];

// `node test/run.ts unit` packages first; without a package these tests fail, which says so.
const bytes = readFileSync(vsixFile);
const files = readZip(bytes);

test('the package holds what it needs and nothing else', () => {
  assert.deepEqual([...files.keys()].sort(), expected);
});

test('the package is smaller than 1 MB', () => {
  assert.ok(bytes.length < largestBytes, `${bytes.length} bytes`);
});

test('no file of the package is empty', () => {
  const empty = [...files].filter(([, contents]) => contents.length === 0).map(([name]) => name);
  assert.deepEqual(empty, []);
});

test('no bundle names the folder that it was built in, or a source map', () => {
  for (const [name, contents] of files) {
    if (!/\.(cjs|js|css)$/.test(name)) continue;
    const text = contents.toString('utf8');
    assert.ok(!text.includes(projectRoot), `${name} names ${projectRoot}`);
    assert.ok(!text.includes('sourceMappingURL'), `${name} names a source map`);
  }
});
