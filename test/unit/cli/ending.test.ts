import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { endNotes, isJudged } from '../../../src/cli/ending.ts';
import { RUN_EVENT_TYPES, type RunEventType } from '../../../src/protocol/events.ts';
import type { RunFacts } from '../../../src/protocol/run.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { historyOf } from '../history/health/series.ts';

suite('the notes at the end of a run', () => {
  test('are made of the events that are judged, which alone are kept, and not of what takes much memory', () => {
    const history = historyOf(400, () => 40);
    const asked = new Set<RunEventType>();
    const notes = endNotes({
      end: { reason: 'finished', iterations: 400, charactersPerSecond: 1, elapsedSeconds: 1 },
      settings: DEFAULT_SETTINGS,
      facts: { vocabulary: ['a', 'b'], iterationsPerEpoch: 40 } as unknown as RunFacts,
      maxIterations: undefined,
      history: {
        get iterations() {
          return history.iterations;
        },
        has: (column) => history.has(column),
        newest: (column) => history.newest(column),
        points: (...range) => history.points(...range),
        of: (type) => {
          asked.add(type);
          return history.of(type);
        },
      },
    });
    assert.match(notes.join(' '), /epochs to do.*The loss stands still/);
    assert.deepEqual(
      RUN_EVENT_TYPES.filter((type) => asked.has(type)),
      RUN_EVENT_TYPES.filter((type) => isJudged({ type })),
    );
    assert.equal(isJudged({ type: 'inspection' }) || isJudged({ type: 'sample' }), false);
  });
});
