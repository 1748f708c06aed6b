import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { longTest } from '../../run/amount.ts';
import { pictured, SAMPLE } from '../support.ts';
import { LARGE, LARGE_BYTES, letters, session } from './session.ts';

interface Heard {
  /** Every text within a message to the panel. */
  readonly texts: string[];
}

/** Runs in every frame before its own scripts: keeps the texts in the messages that VS Code passes on to a webview's page. */
function keepMessages(): void {
  if (!location.pathname.endsWith('/pre/index.html')) return;
  const heard: Heard = { texts: [] };
  Object.assign(window, { heard });
  const keep = (value: unknown): void => {
    if (typeof value === 'string') heard.texts.push(value);
    else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
      Object.values(value).forEach(keep);
  };
  const onmessage = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
  Object.defineProperty(MessagePort.prototype, 'onmessage', {
    ...onmessage,
    set(this: MessagePort, listener: (event: MessageEvent<{ channel?: unknown }>) => void) {
      onmessage?.set?.call(this, (event: MessageEvent<{ channel?: unknown }>) => {
        if (event.data.channel === 'message') keep(event.data);
        listener.call(this, event);
      });
    },
  });
}

/** What the frames of all webviews heard. */
async function heardTexts(page: Page): Promise<string[]> {
  const ofFrames = page.frames().map((frame) => {
    return frame.evaluate(() => (globalThis as unknown as { heard?: Heard }).heard?.texts ?? []);
  });
  return (await Promise.all(ofFrames)).flat();
}

longTest(
  'a file that is too large for an editor trains from the explorer, and nothing of it is sent to the panel',
  async () => {
    await pictured(session(), 'large-file', async () => {
      const { window, panel } = session();
      await window.page.addInitScript(keepMessages);
      // With another text in front, it is the file chosen that is meant.
      await window.openFile(SAMPLE);
      // The explorer then selects it, which would close a menu.
      const explorer = window.page.locator('.explorer-folders-view');
      await explorer.locator('.monaco-list-row.selected').filter({ hasText: SAMPLE }).waitFor();
      await window.pickFromContextMenu(explorer.getByText(LARGE), 'Train RNN on file');
      await window.pickQuickPick('Quick look');
      const first = await panel.waitForNumber('iteration', (iteration) => iteration > 30, 60_000);
      // A page that was slow to come begins with all of that; what follows comes in increments.
      await panel.waitForNumber('iteration', (iteration) => iteration > first, 60_000);
      assert.match(await panel.readTestId('file'), /large\.txt/);
      const characters = /^([\d\s]+) characters, ([\d\s]+) for validation/.exec(await panel.readTestId('facts'));
      const counts = characters?.slice(1).map((digits) => Number(digits.replaceAll(/\s/g, '')));
      assert.deepEqual(counts, [Math.round(LARGE_BYTES * 0.9), 1_000_000]);

      const texts = await heardTexts(window.page);
      assert.ok(texts.includes(LARGE), 'the messages to the panel were heard');
      assert.ok(texts.some((text) => text === 'increment'));
      for (let at = 0; at + 20 <= letters.length; at += 1000) {
        const piece = letters.slice(at, at + 20);
        assert.ok(!texts.some((text) => text.includes(piece)), piece);
      }
      await window.runCommand('RNN Inspector: Stop');
      await panel.waitForText('state', (state) => /stopped/i.test(state));
    });
    await session().window.closeTab('RNN:');
  },
);
