import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { StudyPace } from '../../../src/host/study/pace.ts';
import { followingOf } from '../../../src/protocol/measures.ts';

suite('the pace of looking into a network', () => {
  test('is due at once, then soon again, since the first time says little of the cost', () => {
    const pace = new StudyPace();
    assert.ok(pace.dueMs('memory', true, 0, 0) <= 0);
    pace.measured('memory', 1000, 1900, 10);
    assert.equal(pace.dueMs('memory', true, 0, 0), 3900);
  });

  test('does not begin by itself with what is expected to take long, but with what is in sight', () => {
    const large = followingOf('spectrum').expectedMs({ V: 65, H: 1024, T: 64, products: 1 });
    assert.ok(large > 5000);
    assert.equal(new StudyPace().dueMs('spectrum', true, large, 700), 700);
    assert.ok(new StudyPace().dueMs('spectrum', false, large, 700) > 700 + 100 * large);
    const usual = followingOf('spectrum').expectedMs({ V: 65, H: 256, T: 64, products: 1 });
    assert.equal(new StudyPace().dueMs('spectrum', false, usual, 700), 700);
  });

  test('expects a tape to take as long as its network has matrices to multiply by', () => {
    const tape = followingOf('tape');
    const sizes = { V: 65, H: 256, T: 64 };
    assert.ok(tape.expectedMs({ ...sizes, products: 8 }) > 4 * tape.expectedMs({ ...sizes, products: 1 }));
  });

  test('takes a small share of the time: what costs more comes more seldom', () => {
    const pace = new StudyPace();
    pace.measured('tape', 0, 500, 100);
    pace.measured('tape', 1000, 1060, 100);
    assert.equal(pace.dueMs('tape', true, 0, 0) - 1060, 60 / 0.03);
  });

  test('comes more seldom where nobody sees it', () => {
    const pace = new StudyPace();
    pace.measured('memory', 0, 100, 100);
    pace.measured('memory', 3000, 3100, 100);
    assert.ok(pace.dueMs('memory', false, 0, 0) - 3100 >= 2 * (pace.dueMs('memory', true, 0, 0) - 3100));
  });

  test('recovers from a measurement that other work held up, and rises slowly where all get slower', () => {
    const pace = new StudyPace();
    for (const tookMs of [900, 100, 5000, 100]) pace.measured('memory', 10_000, 10_000 + tookMs, 100);
    assert.equal(pace.dueMs('memory', true, 0, 0), 10_100 + 100 / 0.02);
    pace.measured('memory', 20_000, 25_000, 100);
    assert.equal(pace.dueMs('memory', true, 0, 0), 25_000 + 150 / 0.02);
  });
});
