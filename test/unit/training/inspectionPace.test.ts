import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DISPLAY_INTERVAL_MS, InspectionPace } from '../../../src/training/inspectionPace.ts';

/** The share of the time that inspecting takes in many iterations of one length, and how often it is done. */
function paced(iterationMs: number, normsMs: number, cosinesMs: number): { share: number; perSecond: number } {
  const pace = new InspectionPace();
  const endMs = 200_000 * iterationMs;
  let shownAtMs = -Infinity;
  let inspectingMs = 0;
  let count = 0;
  for (let nowMs = 0; nowMs < endMs;) {
    nowMs += iterationMs;
    if (nowMs - shownAtMs < DISPLAY_INTERVAL_MS || !pace.isDue(nowMs)) continue;
    shownAtMs = nowMs;
    const cosines = pace.areCosinesDue(nowMs);
    const tookMs = normsMs + (cosines ? cosinesMs : 0);
    pace.inspected(nowMs, nowMs + tookMs, { cosines });
    nowMs += tookMs;
    inspectingMs += tookMs;
    count++;
  }
  return { share: inspectingMs / endMs, perSecond: count / (endMs / 1000) };
}

suite('the pace of inspections', () => {
  test('keeps their cost under two per cent, whatever an iteration and an inspection take', () => {
    for (const iterationMs of [0.1, 1, 20, 300, 5000]) {
      for (const normsMs of [0.001 * iterationMs, 0.05 * iterationMs, iterationMs]) {
        const { share } = paced(iterationMs, normsMs, 0.35 * iterationMs);
        assert.ok(share < 0.02, `${share} at ${iterationMs} ms an iteration and ${normsMs} ms for the norms`);
      }
    }
  });

  test('rests no longer because the thread once had to wait', () => {
    const pace = new InspectionPace();
    pace.inspected(0, 1, { cosines: false });
    pace.inspected(1000, 1100, { cosines: false });
    assert.equal(pace.isDue(1000 + DISPLAY_INTERVAL_MS), false);
    assert.equal(pace.isDue(1000 + 1.5 * DISPLAY_INTERVAL_MS), true);
  });

  test('shows 15 iterations a second where that costs nothing', () => {
    const { perSecond } = paced(0.1, 0.005, 0.03);
    assert.ok(perSecond > 14.5 && perSecond <= 15.1, String(perSecond));
  });
});
