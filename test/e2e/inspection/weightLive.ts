import { test } from 'node:test';
import { session } from './session.ts';

const panel = (): ReturnType<typeof session>['panel'] => session().panel;

test('while training is followed no update is shown, and a person is told how to make one stand', async () => {
  await panel().waitForText('weight-absent', (text) => text.includes('Pause, choose a time step, or stay'));
  await panel().click('weight-stay');
  const reading = await panel().waitForText('tape-iteration', (text) => text.startsWith('Reading iteration'));
  const name = reading.split(' · ')[0].replace('Reading ', '');
  await panel().waitForText('weight-note', (text) => text.startsWith(name));
  await panel().click('tape-live');
  await panel().waitForText('weight-absent', (text) => text.includes('Pause, choose a time step, or stay'));
});
