import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { networkOf } from '../../../../src/network/network.ts';
import { isRunEvent } from '../../../../src/protocol/events.ts';
import { EventLog } from '../../../../src/cli/eventLog.ts';
import { jsonlFile } from '../../../../src/runs/export/jsonl.ts';
import { exported, FACTS, inspection, rows, sample, storedRun, textOf, validation } from './fixtures.ts';

const network = networkOf({ cell: 'tanh', layers: 1 });
const VITALS = { iteration: 3, updateToWeight: 0.001, saturation: 0.25 };

suite('a run as JSON lines', () => {
  test('is what the headless form writes of the same events while it trains', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'events-'));
    context.after(() => rm(folder, { recursive: true }));
    const path = join(folder, 'events.jsonl');
    const fail = (): never => assert.fail();
    const log = new EventLog(path, undefined, { full: fail, drained: fail, failed: fail });
    const records = [rows(0, 3, 40), validation(2, 1.5), sample(3, 'ab\n"'), rows(3, 1, 50)];
    log.start('a.txt', storedRun().settings, FACTS, 'a-run');
    for (const record of records) {
      if (record.type === 'rows')
        log.iterations(network, { ...record, type: 'progress', runId: 'a-run', rows: Float64Array.from(record.rows) });
      else if (isRunEvent(record)) log.event(record, { network, symbols: FACTS.vocabulary });
    }
    log.event({ type: 'inspection', value: inspection(3, 0.5) }, { network, symbols: FACTS.vocabulary });
    log.event({ type: 'vitals', value: VITALS }, { network, symbols: FACTS.vocabulary });
    log.end({ reason: 'finished', iterations: 4, charactersPerSecond: 8000, elapsedSeconds: 0.05 });
    await log.close();
    const run = exported([
      ...records,
      { type: 'inspection', value: inspection(3, 0.5) },
      { type: 'vitals', value: VITALS },
    ]);
    assert.equal(await textOf(jsonlFile(run)), await readFile(path, 'utf8'));
  });

  test('adds what is measured beside training, and has no end while the run has none', async () => {
    const point = {
      iteration: 2,
      horizonOnePercent: null,
      horizonOneOverE: 3,
      decayRate: -0.5,
      tanhFactor: 0.9,
      lyapunov: null,
      spectralRadius: 1.1,
      sigmaMax: 1.5,
    };
    const text = await textOf(
      jsonlFile(exported([rows(0, 3), { type: 'memoryPoint', value: point }], { state: 'paused' })),
    );
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['start', 'iteration', 'iteration', 'iteration', 'memoryPoint'],
    );
    assert.deepEqual(lines[4], { type: 'memoryPoint', ...point });
  });

  test('of a run that failed says why', async () => {
    const text = await textOf(
      jsonlFile(exported([rows(0, 1, 8)], { state: 'failed', failure: 'the loss is infinite' })),
    );
    assert.deepEqual(JSON.parse(text.trimEnd().split('\n').at(-1) ?? ''), {
      type: 'end',
      reason: 'failed',
      message: 'the loss is infinite',
      iterations: 1,
      charactersPerSecond: 8000,
      elapsedSeconds: 0.008,
    });
  });
});
