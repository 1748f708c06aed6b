import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { networkOf } from '../../../src/network/network.ts';
import { EventLog } from '../../../src/cli/eventLog.ts';
import { METRIC_NAMES } from '../../tanh.ts';

test('the events file asks for a pause where the disk does not keep up, and loses nothing', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'events-'));
  context.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'events.jsonl');
  const calls: string[] = [];
  let drained: () => void = () => undefined;
  const log = new EventLog(path, undefined, {
    full: () => calls.push('full'),
    drained: () => {
      calls.push('drained');
      drained();
    },
    failed: (error) => assert.fail(error),
  });
  // One batch of rows that is larger than what may wait to be written.
  const iterations = 60_000;
  const rows = new Float64Array(iterations * METRIC_NAMES.length).fill(1 / 3);
  rows[METRIC_NAMES.length] = NaN;
  const isDrained = new Promise<void>((resolve) => (drained = resolve));
  log.iterations(networkOf({ cell: 'tanh', layers: 1 }), {
    type: 'progress',
    runId: 'r',
    firstIteration: 5,
    rows,
    epoch: 1,
    characters: 1,
    elapsedMs: 1,
  });
  assert.deepEqual(calls, ['full']);
  await isDrained;
  assert.deepEqual(calls, ['full', 'drained']);
  log.end({ reason: 'finished', iterations, charactersPerSecond: 1, elapsedSeconds: 1 });
  await log.close();
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  assert.equal(lines.length, iterations + 1);
  const second = JSON.parse(lines[1]) as Record<string, unknown>;
  assert.deepEqual([second.iteration, second.lossNats, second.gradNorm], [6, null, 1 / 3]);
});

test('an events file that cannot be there is told of when it is closed, however early', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'events-'));
  context.after(() => rm(folder, { recursive: true }));
  const told: string[] = [];
  const log = new EventLog(join(folder, 'no', 'events.jsonl'), undefined, {
    full: () => undefined,
    drained: () => undefined,
    failed: ({ message }) => told.push(message),
  });
  log.end({ reason: 'finished', iterations: 0, charactersPerSecond: 1, elapsedSeconds: 1 });
  const failure = await log.close();
  assert.match(failure?.message ?? '', /^Cannot write ".*events\.jsonl": there is no such file or folder\.$/);
  assert.deepEqual(told, [failure?.message]);
});
