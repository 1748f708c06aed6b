import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BY_APPEARANCE, fileOfNetwork, FIRST_LOSS, TEXT } from '../../unit/runs/import/pytorchNetwork.ts';
import { freshSession, pictured } from '../support.ts';

const WEIGHTS = 'net.safetensors';
/** Its file says neither what its symbols are nor which nonlinearity it has. */
const session = freshSession({
  settings: {
    'rnnInspector.sequenceLength': 20,
    'rnnInspector.batchSize': 4,
    'rnnInspector.validationFraction': 0,
    'rnnInspector.kernels': 'reference',
  },
  files: { 'text.txt': TEXT, [WEIGHTS]: fileOfNetwork(BY_APPEARANCE, {}) },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;

/** Chooses a file of the folder in VS Code's own dialog. */
async function chooseFile(title: string, name: string): Promise<void> {
  const { window } = session();
  await window.quickInput.getByText(title).waitFor();
  await window.quickInput.locator('.monaco-list-row').getByText(name, { exact: true }).click();
}

async function importAs(order: string): Promise<void> {
  await chooseFile('Import weights', WEIGHTS);
  await chooseFile('is to read', 'text.txt');
  await session()
    .window.quickInput.getByText('What do its ids stand for?')
    .waitFor()
    .catch(() => undefined);
  await session().picture('import-question');
  await session().window.pickQuickPick(order);
}

test('a network that does not name its symbols is asked about, and a wrong answer shows in the panel and in the list', async () => {
  await session().window.runCommand('RNN Inspector: Import weights');
  await importAs("The text's characters in the order of their code points");
  await panel().waitForText('state', (state) => state.includes('Paused'), 60_000);
  await panel().waitForText('import', (text) => /Assumed: .*order of their code points.*taken to be tanh/.test(text));
  await panel().waitForText('import-warning', (text) => text.includes('above ln V = 2.944: worse than guessing'));
  await session().runs.open();
  assert.match(await session().runs.waitForRun('net.safetensors on text.txt'), /imported with 2 assumptions/);
  for (const theme of ['light', 'dark'] as const) {
    await session().window.setTheme(theme);
    await session().picture(`import-warning-${theme}`);
  }
});

test('importing again with the other order is the way out that the panel offers', async () => {
  await pictured(session(), 'import-right', async () => {
    await panel().testId('action-importWeights').click();
    await importAs("The text's characters in the order in which they first appear");
    // It comes beside the first one.
    await session().window.page.locator('.tabs-container .tab[aria-label^="RNN:"]').nth(1).waitFor();
    await session().window.closeTab('RNN:');
    await panel().waitForText('import', (text) => text.includes('in which they first appear'), 60_000);
    assert.ok(!(await panel().testId('import-warning').isVisible()));
    await session().window.runCommand('RNN Inspector: Step');
    await panel().waitForNumber('iteration', (iteration) => iteration === 1);
    await panel().waitForNumber('loss-smoothed', (lossNats) => Math.abs(lossNats - FIRST_LOSS) < 1e-3);
  });
  await session().window.reload();
  await panel().waitForText('import', (text) => text.includes('in which they first appear'), 60_000);
});
