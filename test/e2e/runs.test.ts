import assert from 'node:assert/strict';
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { sampleText } from '../../src/text/sampleText.ts';
import { drawn, freshSession, pictured, SAMPLE, train } from './support.ts';

const CHANGING = 'changing.txt';
/** Long enough for the longest settings, so that no run finishes while a slow machine looks elsewhere. */
const session = freshSession({
  settings: { 'rnnInspector.maxEpochs': 1_000_000, 'rnnInspector.runs.checkpointSeconds': 1 },
  files: { [CHANGING]: sampleText() },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;
const runs = (): ReturnType<typeof session>['runs'] => session().runs;

const iterationOf = (text: string): number => Number(/iteration ([\d\s,]+)/.exec(text)?.[1].replaceAll(/[\s,]/g, ''));

test('a window that is reloaded under a run brings it back whole, and Resume in the panel goes on with it', async () => {
  await pictured(session(), 'runs-after-reload', async () => {
    await train(session(), SAMPLE, 'Quick look');
    await panel().waitForNumber('iteration', (iteration) => iteration > 300, 60_000);
    await runs().open();
    await runs().waitForRun('running');
    await session().window.reload();
    const stood = await panel().waitForNumber('iteration', () => true, 60_000);
    assert.match(await panel().readTestId('state'), /paused/i);
    const message = await panel().readTestId('message');
    assert.match(message, /nothing is lost/);
    assert.equal(iterationOf(message), stood, message);
    await drawn(session(), 'chart-loss');
    await panel().testId('message').scrollIntoViewIfNeeded();
    await runs().waitForRun('paused');
    assert.equal((await session().window.notifications()).length, 0, 'a window that closes is no crash');
  });
});
