import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentText, iterationText, windowNote } from '../../../src/panel/views/windowText.ts';
import type { RunStatus } from '../../../src/protocol/panel.ts';
import type { RunState } from '../../../src/protocol/run.ts';
import { description, status } from './fixtures.ts';

const runIn = (state: RunState, change: Partial<RunStatus> = {}) => ({
  description: description(),
  status: status(state, { iteration: 12, ...change }),
});
const SHOWN = { iteration: 12, stream: 0, position: 4100 };
const LIVE = { stream: 0, isLive: true };

describe('the note on the window that is looked into', () => {
  it('marks an iteration that a paused run has not done', () => {
    const toCome = 'iteration 12, next, not yet run';
    assert.equal(iterationText(SHOWN, runIn('paused')), toCome);
    assert.equal(iterationText({ iteration: 11 }, runIn('finished')), 'iteration 11');
    assert.equal(iterationText(SHOWN, runIn('paused', { iteration: 13 })), 'iteration 12');
    assert.equal(iterationText(SHOWN, runIn('running')), 'iteration 12');
  });

  it('says of a run that is over that its last window never comes', () => {
    const asItEnded = 'the network as it ended (after 12 iterations), on the window that would come next';
    for (const state of ['finished', 'stopped', 'failed'] as const) {
      assert.equal(iterationText(SHOWN, runIn(state)), asItEnded);
    }
    assert.match(iterationText({ iteration: 1 }, runIn('stopped', { iteration: 1 })), /after 1 iteration\)/);
  });

  it('says where the window begins in the text', () => {
    assert.equal(windowNote(runIn('running'), SHOWN, LIVE), 'iteration 12 · from character 4\u202f100 of the text');
  });

  it('says that a window that is read stays, and how to go on', () => {
    const note = windowNote(runIn('running', { iteration: 99 }), SHOWN, { ...LIVE, isLive: false });
    assert.match(note, /^Reading iteration 12 · .* · stays until you go back to Live$/);
  });

  it('does not change with the iterations that come while a window is read', () => {
    const read = { ...LIVE, isLive: false };
    const notes = [13, 14, 5000].map((iteration) => windowNote(runIn('running', { iteration }), SHOWN, read));
    assert.equal(new Set(notes).size, 1);
  });

  it('says so while the window of another stream is still shown', () => {
    const note = windowNote(runIn('running'), SHOWN, { ...LIVE, stream: 2 });
    assert.match(note, /still of stream 0: that of stream 2 is on its way/);
  });

  it('is empty where there is none, and says why in its place', () => {
    assert.equal(windowNote(runIn('running'), undefined, LIVE), '');
    assert.match(absentText(runIn('running'), undefined), /^The first window is being looked into: \d+ time steps of/);
    assert.match(absentText(runIn('starting'), undefined), /^The run is starting/);
    assert.match(absentText(runIn('stopped', { restored: true }), undefined), /network of this run is gone/);
    assert.equal(absentText(runIn('failed'), 'Because of this.'), 'Because of this.');
  });
});
