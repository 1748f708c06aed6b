import { test } from 'node:test';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freshSession, SAMPLE, train } from './support.ts';
const session = freshSession({ settings: { 'rnnInspector.maxEpochs': 1_000_000, 'rnnInspector.runs.checkpointSeconds': 1 } });
const panel = () => session().panel;
test('explore', async () => {
  await train(session(), SAMPLE, 'Quick look');
  await session().runs.open();
  await panel().waitForNumber('iteration', (i) => i > 1000, 60_000);
  await session().window.reload();
  await panel().waitForNumber('iteration', () => true, 60_000);
  console.log(new Date().toISOString(), await panel().readTestId('message'));
  rmSync('/tmp/prof', {recursive: true, force: true});
  cpSync(join(session().folder, '..', 'profile', 'user-data'), '/tmp/prof', { recursive: true });
});
