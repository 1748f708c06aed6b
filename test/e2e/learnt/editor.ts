import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { longTest } from '../../run/amount.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { pictured, SAMPLE, train } from '../support.ts';
import { session, SETTINGS } from './session.ts';
import { themeNames } from '../../workbench/window.ts';

const panel = (): ReturnType<typeof session>['panel'] => session().panel;
const editor = (): Locator => session().window.page.locator(`.monaco-editor[data-uri$="/${SAMPLE}"]:visible`);
const FIRST_LINE = sampleText().split('\n')[0];

/** Colours as the manifest has them for the dark theme. */
const SHADE = 'rgba(224, 33, 138, ';
const WINDOW = 'rgb(86, 180, 233)';
const CHOSEN = 'rgb(232, 220, 82)';

/** The different strengths of the shade on the screen, as alphas. */
async function shades(): Promise<string[]> {
  const backgrounds = await editor()
    .locator('.view-overlays .cdr')
    .evaluateAll((all) => all.map((element) => getComputedStyle(element).backgroundColor));
  return [...new Set(backgrounds.filter((color) => color.startsWith(SHADE)))];
}

/** How many pieces of the editor's text have a border of a colour at a side. */
function framed(color: string, side: 'Bottom' | 'Left' | 'Top'): Promise<number> {
  return editor()
    .locator('.view-overlays .cdr')
    .evaluateAll(
      (all, { color, side }) =>
        all.filter((element) => {
          const style = getComputedStyle(element);
          return style[`border${side}Color`] === color && parseFloat(style[`border${side}Width`]) > 0;
        }).length,
      { color, side },
    );
}

interface Frame {
  /** Where it is on the screen. */
  readonly x: number;
  readonly y: number;
  /** What the editor shows there: the framed character, after two others and before three. */
  readonly text: string;
}

/** The frame around the chosen character, if there is one: VS Code takes it away and draws another when it moves. */
function chosenFrame(): Promise<Frame | undefined> {
  return editor().evaluate((root, color) => {
    const frames = [...root.querySelectorAll('.view-overlays .cdr')];
    const frame = frames.find((element) => getComputedStyle(element).borderTopColor === color)?.getBoundingClientRect();
    if (frame === undefined) return undefined;
    const [x, y] = [frame.x + frame.width / 2, frame.y + frame.height / 2];
    const line = [...root.querySelectorAll('.view-line')].find((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top <= y && y < bottom;
    });
    let index = 0;
    const walker = document.createTreeWalker(line ?? root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      for (let at = 0; at < (node.textContent ?? '').length; at++) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const character = range.getBoundingClientRect();
        if (character.left <= x && x < character.right) {
          const text = (line?.textContent ?? '').slice(index - 2, index + 4).replaceAll('\u00A0', ' ');
          return { x: frame.x + 2, y, text };
        }
        index++;
      }
    }
    return undefined;
  }, CHOSEN);
}

/** Waits until what is on the screen fits; VS Code draws a moment after it was told to. */
async function until<T>(look: () => Promise<T>, fits: (seen: T) => boolean, timeoutMs = 20_000): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (fits(seen)) return seen;
    if (Date.now() > end) throw new Error(`There was ${JSON.stringify(seen)} for ${timeoutMs} ms.`);
    await session().window.page.waitForTimeout(50);
  }
}

/** The time step that the tape shows. */
async function shownStep(): Promise<number> {
  return Number(await panel().testId('tape').getAttribute('aria-valuenow'));
}

/** The time step that the tests choose, and the text around it: two characters before it and three after it. */
let step = 0;
let textAround = '';

/**
 * Walks the tape from its beginning to a time step, and three beyond it, around which no line ends: VS Code shows the end of a line in
 * two places.
 */
async function walkToStepWithinALine(): Promise<number> {
  const symbols: string[] = [];
  await session().window.page.keyboard.press('Home');
  for (let t = 0; t < SETTINGS.sequenceLength; t++) {
    await until(shownStep, (shown) => shown === t);
    const text = (await panel().testId('tape').getAttribute('aria-valuetext')) ?? '';
    symbols.push(/reads ‘(.+?)’/.exec(text)?.[1] ?? assert.fail(text));
    const around = symbols.slice(-6);
    if (around.length === 6 && !around.includes('⏎')) {
      textAround = around.join('').replaceAll('␣', ' ');
      return t - 3;
    }
    await session().window.page.keyboard.press('ArrowRight');
  }
  assert.fail(`no stretch of ${symbols.join('')} lies within a line`);
}

/** The words of a line of the file, as far as they are on the screen. */
const textOf = (words: string): Locator => editor().locator('.view-line').getByText(words).first();

test('while a run trains, its file is shaded by the loss of each character', async () => {
  await pictured(session(), 'editor-shading', async () => {
    await train(session(), SAMPLE, 'My settings');
    await panel().waitForNumber('loss-smoothed', (lossNats) => lossNats < 2, 120_000);
    const seen = await until(shades, (alphas) => alphas.length >= 3);
    assert.ok(seen.length <= 6, `a few shades, not ${seen.join()}`);
  });
});

longTest('the shade is switched off and on by its command', async () => {
  const { window } = session();
  const setting = 'rnnInspector.editor.lossShading';
  await window.runCommand('RNN Inspector: Toggle loss shading');
  await window.waitForSetting(setting, false);
  await until(shades, (alphas) => alphas.length === 0);
  await window.runCommand('RNN Inspector: Toggle loss shading');
  await window.waitForSetting(setting, true);
  await until(shades, (alphas) => alphas.length >= 3);
});

test('the shade goes with the screen', async () => {
  await textOf(FIRST_LINE.slice(0, 8)).click();
  await session().window.page.keyboard.press('ControlOrMeta+End');
  await until(shades, (alphas) => alphas.length >= 2);
  await session().window.page.keyboard.press('ControlOrMeta+Home');
  await textOf(FIRST_LINE.slice(0, 8)).waitFor();
  await until(shades, (alphas) => alphas.length >= 2);
});

test('the hover of a character tells its loss, its probability and what was expected instead', async () => {
  await pictured(session(), 'editor-hover', async () => {
    await textOf(FIRST_LINE.slice(0, 8)).hover();
    const hover = session().window.page.locator('.monaco-hover:visible', { hasText: 'RNN' });
    await hover.waitFor();
    const text = await hover.innerText();
    assert.match(text, /loss \d+\.\d{3} nats, probability [\d.e>< -]+ \(iteration \d[\d\s]*\)/);
    assert.match(text, /Shade: .* of 0 – 0\.25 – 0\.5 – 1 – 2 – 4 nats and more/);
    assert.match(text, /Likeliest here:\s*(‘[^]’ (> )?\S+, ){4}‘[^]’/);
  });
});

test('a time step chosen in the panel shows its character, with the window around it', async () => {
  await pictured(session(), 'editor-step', async () => {
    await panel().click('button-pause');
    await panel().waitForText('state', (state) => /paused/i.test(state));
    await panel().click('tab-steps');
    await panel().testId('tape').waitFor();
    await panel().testId('tape').focus();
    const { page } = session().window;
    step = await walkToStepWithinALine();
    for (let t = step + 2; t >= step - 1; t--) await page.keyboard.press('ArrowLeft');
    await until(shownStep, (t) => t === step - 1);
    await until(
      () => framed(CHOSEN, 'Top'),
      (count) => count === 1,
    );
    await until(
      () => framed(WINDOW, 'Bottom'),
      (underlined) => underlined >= 1,
    );
    await until(
      () => framed(WINDOW, 'Left'),
      (bars) => bars >= 1,
    );
    // The panel keeps the keyboard: the next key goes there, too.
    await page.keyboard.press('ArrowRight');
    await until(shownStep, (t) => t === step);
  });
});

test('the caret that is moved into the window chooses its time step, and nothing goes round', async () => {
  const frame = await until(chosenFrame, (shown) => shown?.text === textAround);
  assert.ok(frame !== undefined);
  // A click on the left half of the frame sets the caret before the chosen character.
  await session().window.page.mouse.click(frame.x, frame.y);
  await session().window.page.keyboard.press('ArrowRight');
  await until(shownStep, (t) => t === step + 1);
  await session().window.page.keyboard.press('ArrowRight');
  await until(shownStep, (t) => t === step + 2);
  await session().window.page.keyboard.press('ArrowLeft');
  await until(shownStep, (t) => t === step + 1);
  await until(
    () => framed(CHOSEN, 'Top'),
    (count) => count === 1,
  );
});

longTest('the shade is there in every kind of theme', async () => {
  for (const theme of themeNames) {
    await session().window.setTheme(theme);
    await pictured(session(), `editor-${theme}`, async () => {
      await until(
        () =>
          editor()
            .locator('.view-overlays .cdr')
            .evaluateAll((all) => new Set(all.map((element) => getComputedStyle(element).backgroundColor)).size),
        (colours) => colours >= 3,
      );
    });
  }
  await session().window.setTheme('dark');
});

test('a text that is changed is shaded no more, and a note says why; undone, the shade is back', async () => {
  await pictured(session(), 'editor-changed', async () => {
    const { page } = session().window;
    await until(shades, (alphas) => alphas.length >= 2);
    await editor().click({ position: { x: 200, y: 300 } });
    await page.keyboard.press('ControlOrMeta+Home');
    await page.keyboard.type('x');
    await until(shades, (alphas) => alphas.length === 0);
    const note = editor().locator('.codelens-decoration');
    await note.getByText('RNN: loss shading is off: the file changed since the run began').waitFor();
    await session().window.statusBarItem('loss shading is off').waitFor();
  });
  await session().window.page.keyboard.press('ControlOrMeta+z');
  await until(shades, (alphas) => alphas.length >= 2);
});
