import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunStatus } from '../../../src/protocol/panel.ts';
import type { RunState } from '../../../src/protocol/run.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { messageFor, type Message } from '../../../src/panel/state/message.ts';
import { description, FACTS, historyOf, status } from './fixtures.ts';

function message(state: RunState, change: Partial<RunStatus> = {}): Message {
  return messageFor({ description: description(), status: status(state, change), history: historyOf(3) }, 'answered');
}

function intents({ actions }: Message): string[] {
  return actions.map(({ intent }) => intent);
}

describe('what the panel says about a run', () => {
  it('tells who has no run how to start one', () => {
    const empty = messageFor(undefined, 'answered');
    assert.match(empty.text, /Train RNN on file/);
    assert.deepEqual(intents(empty), ['trainFile']);
  });

  it('says so when it could not read what it was sent', () => {
    assert.deepEqual(intents(messageFor(undefined, 'refused')), ['showLog']);
  });

  it('has nothing to say while a run trains: its numbers do', () => {
    assert.equal(message('running').text, '');
  });

  it('says how much of the file is read, and that nothing was trained where it was stopped there', () => {
    const unread = { description: description(), history: historyOf(0) };
    delete unread.description.facts;
    const reading = { bytesRead: 0.349 * 2.1e9, bytesTotal: 2.1e9 };
    const starting = messageFor({ ...unread, status: status('starting', { reading }) }, 'answered');
    assert.equal(starting.text, 'Reading text.txt: 34 % of 2.1 GB');
    assert.match(messageFor({ ...unread, status: status('starting') }, 'answered').text, /^Reading the text/);
    const stopped = messageFor({ ...unread, status: status('stopped') }, 'answered');
    assert.match(stopped.text, /Stopped while the text was read: nothing was trained/);
    assert.deepEqual(intents(stopped), ['again', 'trainFile']);
  });

  it('says after which iteration it is paused and what Step does', () => {
    assert.match(message('paused').text, /Paused after 1\u202f234 iterations .* Step runs exactly one more iteration/);
  });

  it('says of a run that waits at its beginning that nothing is trained, and offers its network before training', () => {
    const before = { description: description(), history: historyOf(0) };
    const waiting = messageFor({ ...before, status: status('paused', { iteration: 0 }) }, 'answered');
    assert.match(
      waiting.text,
      /^Paused at iteration 0: nothing is trained yet.* Step runs its iteration, Resume goes on/,
    );
    for (const wasInterrupted of [false, true]) {
      const resumable = { iteration: 0, lostSeconds: 0, wasInterrupted };
      const restored = status('paused', { iteration: 0, restored: true, resumable });
      const opened = messageFor({ ...before, status: restored }, 'answered');
      assert.match(opened.text, /after 0 iterations .* Resume, above, trains on\.$/);
      assert.deepEqual(intents(opened), ['loadPaused', 'again'], 'the header has Resume');
    }
  });

  it('names what was not finite, and the settings to change', () => {
    const bad = messageFor(
      {
        description: description({ settings: { ...DEFAULT_SETTINGS, clipNorm: 0, learningRate: 3 } }),
        status: status('paused', {
          notFinite: {
            iteration: 7,
            quantity: 'W_ah',
            timeStep: 12,
            message: 'Iteration 7: ∂W_ah is infinite at step 12.',
          },
        }),
        history: historyOf(7),
      },
      'answered',
    );
    assert.equal(bad.tone, 'error');
    assert.match(bad.text, /Iteration 7: ∂W_ah is infinite at step 12\. This run has learningRate 3 and no clipping/);
    assert.deepEqual(intents(bad), ['openSettings', 'again']);
  });

  it('offers the remedy of a failure first', () => {
    const failure = { message: 'Too short', remedy: { setting: 'batchSize', value: 2, label: 'Use batch size 2' } };
    const failed = message('failed', { failure, iteration: 0 });
    assert.equal(failed.text, 'Too short.');
    assert.deepEqual(failed.actions[0], { intent: 'againWithRemedy', label: 'Use batch size 2' });
  });

  it('does not offer to repeat what was refused before its first iteration', () => {
    const failure = { message: 'The file is empty.' };
    assert.ok(!intents(message('failed', { failure, iteration: 0 })).includes('again'));
    assert.ok(intents(message('failed', { failure, iteration: 5 })).includes('again'));
  });

  const resumable = { iteration: 90, lostSeconds: 4.26, wasInterrupted: false };

  it('says of a restored run where it can go on, and what is lost', () => {
    const restored = message('paused', { restored: true, resumable, iteration: 100 });
    assert.match(
      restored.text,
      /^Paused after 100 iterations .* checkpoint at iteration 90; 10 iterations, 4\.3 seconds of training, are lost\. Resume, above, trains on\.$/,
    );
    assert.deepEqual(intents(restored), ['loadPaused', 'again'], 'the header has Resume');
    const whole = message('stopped', {
      restored: true,
      iteration: 100,
      resumable: { ...resumable, iteration: 100, lostSeconds: 0 },
    });
    assert.match(whole.text, /^Stopped after .* iteration 100; nothing is lost\. Resume, above, trains on\.$/);
  });

  it('counts one iteration as one', () => {
    const restored = message('paused', { restored: true, resumable, iteration: 91 });
    assert.match(restored.text, /iteration 90; 1 iteration, 4\.3 seconds of training, is lost\./);
  });

  it('says of a finished run of a short text how few iterations an epoch has, and what gives more', () => {
    const finished = (
      iterationsPerEpoch: number,
      change: Partial<typeof DEFAULT_SETTINGS> = {},
      iteration = 20,
    ): string =>
      messageFor(
        {
          description: description({
            facts: { ...FACTS, iterationsPerEpoch },
            settings: { ...DEFAULT_SETTINGS, sequenceLength: 128, batchSize: 64, ...change },
          }),
          status: status('finished', { iteration }),
          history: historyOf(20),
        },
        'answered',
      ).text;
    assert.match(
      finished(1),
      /An epoch of this text is 1 iteration at T·B = 8\u202f192\. A smaller batchSize or sequenceLength gives more of them\. Text can/,
    );
    assert.match(finished(3, { batchSize: 1 }), /is 3 iterations at T = 128\. A smaller sequenceLength gives more/);
    assert.doesNotMatch(finished(5), /An epoch of this text/);
    assert.doesNotMatch(finished(3, {}, 3000), /An epoch of this text/, 'it has trained long all the same');
  });

  it('says of a run that a crash interrupted that it was, and of one that finished that it can be trained on', () => {
    const crashed = message('stopped', { restored: true, resumable: { ...resumable, wasInterrupted: true } });
    assert.equal(crashed.tone, 'warning');
    assert.match(crashed.text, /^Interrupted after/);
    assert.deepEqual(intents(crashed), ['resume', 'loadPaused', 'again']);
    const finished = message('finished', { restored: true, resumable });
    assert.match(finished.text, /Continue, above, trains on for more epochs/);
    assert.deepEqual(intents(finished), ['loadPaused', 'again']);
  });

  it('says of a restored run without a checkpoint that its history is all there is', () => {
    const restored = message('stopped', { restored: true });
    assert.match(restored.text, /there is no checkpoint/);
    assert.deepEqual(intents(restored), ['again', 'trainFile']);
    const elsewhere = message('finished', { restored: true, networkPlace: 'in model.safetensors' });
    assert.match(elsewhere.text, /its network is in model\.safetensors\./);
  });

  it('says of a run that ended in this window how it goes on, and offers it where it failed', () => {
    assert.match(message('stopped', { resumable }).text, /Resume, above, goes on from there/);
    assert.match(message('finished', { resumable }).text, /Continue, above, trains on/);
    for (const state of ['stopped', 'finished'] as const) {
      assert.deepEqual(intents(message(state, { resumable })), ['again', 'trainFile'], 'the header goes on');
    }
    assert.deepEqual(intents(message('failed', { resumable, failure: { message: 'The thread died' } }))[0], 'resume');
    assert.match(
      message('failed', { resumable, failure: { message: 'The thread died' } }).text,
      /^The thread died\. It can go on/,
    );
  });

  it('says who trains a run that is only watched, and offers to take it over where that program can notice', () => {
    const watched = message('running', { restored: true, trainedBy: 'another VS Code window' });
    assert.match(watched.text, /belongs to another VS Code window/);
    assert.deepEqual(watched.actions, [{ intent: 'resume', label: 'Take over…' }]);
    const followed = message('running', { restored: true, trainedBy: 'train.py', networkPlace: 'in its folder' });
    assert.deepEqual(intents(followed), []);
  });

  it('offers a next step whenever a run is over', () => {
    for (const state of ['finished', 'stopped', 'failed'] as const) assert.ok(message(state).actions.length > 0, state);
  });
});
