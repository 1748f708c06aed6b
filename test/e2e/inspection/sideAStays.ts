import assert from 'node:assert/strict';
import { test } from 'node:test';
import { session } from './session.ts';

const panel = (): ReturnType<typeof session>['panel'] => session().panel;
/** By which the page is scrolled beyond where both sides begin, in CSS pixels. */
const BEYOND = 60;

test('side A stays in sight while side B is scrolled', async () => {
  await session().window.resize(1440, 700);
  await panel().click('step-6-head');
  await panel().waitForText('walk-where', (text) => text.startsWith('step 6 '));
  const { longer, tabs, sideA, sideB } = await panel()
    .frame.locator('#panel')
    .evaluate((page, beyond) => {
      const box = (selector: string): DOMRect => {
        const found = page.querySelector(selector);
        if (found === null) throw new Error(`There is no ${selector}.`);
        return found.getBoundingClientRect();
      };
      window.scrollTo(0, 0);
      const longer = box('.figure-side-b').height - box('.figure-side-a').height;
      // The tabs are where they stay only once the page is scrolled.
      window.scrollTo(0, box('.figure-side-b').top);
      window.scrollTo(0, scrollY + box('.figure-side-b').top - box('.tabs').bottom + beyond);
      return {
        longer,
        tabs: box('.tabs').bottom,
        sideA: box('.figure-side-a').top,
        sideB: box('.figure-side-b').top,
      };
    }, BEYOND);
  assert.ok(longer > 2 * BEYOND, `side B is only ${longer} pixels longer`);
  assert.ok(sideB < tabs - BEYOND / 2, `side B begins at ${sideB}, the tabs end at ${tabs}`);
  assert.ok(sideA >= tabs, `side A begins at ${sideA}, under the tabs, which end at ${tabs}`);
});
