import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finish } from '../../../src/common/work.ts';
import { rowsOf, RUN_ID, smallRun } from './helpers.ts';
import { served } from './served.ts';
import { travelled } from './startingPoints.ts';

test('a network without a text writes what it would have written in its run', () => {
  const options = { prompt: 'a', length: 40, temperature: 0.7, topK: 5 };
  const run = smallRun({ seed: 3 });
  rowsOf(run, 30);
  const { iteration, cell, layers, shape, parameters, samplingRandom } = travelled(run.checkpoint(0));
  const ports = served({
    prepare: (own) => {
      own.receive();
      own.post({
        type: 'load',
        runId: RUN_ID,
        iteration,
        cell,
        layers,
        shape,
        parameters,
        vocabulary: run.vocabulary,
        samplingRandom,
      });
      own.post({ type: 'generate', runId: RUN_ID, requestId: 1, options });
      own.post({ type: 'generate', runId: RUN_ID, requestId: 2, options: { ...options, prompt: '€' } });
    },
  });
  const [written, refused] = ports.of('generated').map(({ result }) => result);
  assert.ok(written.ok && !refused.ok);
  assert.deepEqual(written.sample, finish(run.write(options)));
  assert.match(refused.message, /€/);
});
