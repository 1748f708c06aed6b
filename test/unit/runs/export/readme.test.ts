import assert from 'node:assert/strict';
import { test } from 'node:test';
import { torchNetworkOf } from '../../../../src/runs/export/pytorch/names.ts';
import { readmeOf } from '../../../../src/runs/export/pytorch/readme.ts';
import { storedRun } from '../../host/runsFixtures.ts';
import { checkpointFixture } from '../format/checkpointFixtures.ts';

test('a name of anybody is no markup in the README of an export', () => {
  const name = '[free](https://evil.example) <img src=x onerror=alert(1)> `a` | *b*\n# c';
  const run = storedRun({ name });
  assert.ok(run.text);
  const network = torchNetworkOf({ cell: 'tanh', layers: 1 });
  const facts = { run, text: run.text, checkpoint: checkpointFixture(), textFileName: name, hasText: false, network };
  const [heading, , ...rest] = readmeOf(facts).split('\n');
  assert.match(heading, /^# /);
  // Each sign that could begin or end something stands behind a backslash.
  assert.doesNotMatch(heading.slice(2).replaceAll(/\\./g, ''), /[[\]()<>`*|#]/);
  const row = rest.find((line) => line.startsWith('| not included')) ?? '';
  assert.equal(row.split('|').length, 4, row);
});
