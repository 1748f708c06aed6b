import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseSettings } from '../../../../src/protocol/settings.ts';
import { continuedRun } from '../../../../src/runs/recording/continuedRun.ts';
import {
  asSetBefore,
  CHANGEABLE_IN_FORK,
  CHANGEABLE_IN_RUN,
  settingsOverTime,
  withSettings,
} from '../../../../src/runs/recording/settingChanges.ts';
import { runFixture } from '../format/recordFixtures.ts';

suite('settings that change in a run', () => {
  const first = parseSettings({ learningRate: 0.01, clipNorm: 5 });
  const run = runFixture({ settings: first });
  const second = { ...first, learningRate: 0.001 };
  const third = { ...second, clipNorm: 1, learningRate: 0.0001 };

  test('are noted with what they were, and found again, the newest first', () => {
    const changed = withSettings(withSettings(withSettings(run, second, 10), second, 20), third, 30);
    assert.deepEqual(changed.settingChanges, [
      { iteration: 10, before: { learningRate: 0.01 }, after: { learningRate: 0.001 } },
      { iteration: 30, before: { learningRate: 0.001, clipNorm: 5 }, after: { learningRate: 0.0001, clipNorm: 1 } },
    ]);
    assert.deepEqual(settingsOverTime(changed), [third, second, first]);
    assert.deepEqual(settingsOverTime(run), [first]);
    // Taken back to an earlier checkpoint, the run goes on from there with what it has now.
    const back = continuedRun(changed, { iteration: 20, elapsedMs: 1, best: null });
    assert.deepEqual(
      back.settingChanges?.map(({ iteration }) => iteration),
      [10, 20],
    );
  });

  test('are undone from an iteration on, whatever came later', () => {
    const changed = withSettings(withSettings(run, second, 10), third, 30);
    const settingsAt = (iteration: number) => asSetBefore(changed, iteration).settings;
    assert.deepEqual([5, 10, 11, 30, 31].map(settingsAt), [first, first, second, second, third]);
    assert.deepEqual(asSetBefore(changed, 30).settingChanges, changed.settingChanges?.slice(0, 1));
  });

  test('that cannot be read, as of another version, are left as they are', () => {
    const unreadable = { iteration: 20, before: { bogus: 1 }, after: { bogus: 2 } };
    const changed = { ...withSettings(run, second, 10), settingChanges: [unreadable] };
    assert.deepEqual(asSetBefore(changed, 5).settings, second);
    assert.deepEqual(settingsOverTime(changed), [second]);
  });

  test('are fewer than those of a fork, which keeps the network', () => {
    assert.ok(CHANGEABLE_IN_RUN.every((name) => CHANGEABLE_IN_FORK.includes(name)));
    const ofForkAlone = CHANGEABLE_IN_FORK.filter((name) => !CHANGEABLE_IN_RUN.includes(name));
    assert.deepEqual(ofForkAlone, ['sequenceLength', 'batchSize', 'optimizer', 'startPaused']);
    for (const name of ['cell', 'layers', 'hiddenSize', 'initialization', 'initialBias', 'seed'] as const) {
      assert.ok(!CHANGEABLE_IN_FORK.includes(name), `a fork has the network with its ${name}`);
    }
  });
});
