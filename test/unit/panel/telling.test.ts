import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messageFor, newsOf } from '../../../src/panel/state/message.ts';
import { PACE_MS, Telling, withoutNumbers, type News } from '../../../src/panel/state/telling.ts';
import { RunHistory } from '../../../src/history/history.ts';
import { NETWORK } from '../../tanh.ts';
import { description, status } from './fixtures.ts';

const news = (key: string, isUrgent = false): News => ({ key, text: `text of ${key}`, isUrgent });

describe('what is read out', () => {
  it('is told once', () => {
    const telling = new Telling();
    assert.deepEqual(telling.take(news('one'), 0), { text: 'text of one' });
    assert.deepEqual(telling.take(news('one'), 10 * PACE_MS), {});
  });

  it('waits its turn after what was told before, and says for how long', () => {
    const telling = new Telling();
    telling.take(news('one'), 0);
    assert.deepEqual(telling.take(news('two'), 1000), { waitMs: PACE_MS - 1000 });
    assert.deepEqual(telling.take(news('three'), PACE_MS - 1), { waitMs: 1 });
    assert.deepEqual(telling.take(news('three'), PACE_MS), { text: 'text of three' });
  });

  it('is nothing where it is as before when its turn comes', () => {
    const telling = new Telling();
    telling.take(news('one'), 0);
    telling.take(news('two'), 1000);
    assert.deepEqual(telling.take(news('one'), PACE_MS), {});
  });

  it('comes at once where it is urgent', () => {
    const telling = new Telling();
    telling.take(news('one'), 0);
    assert.deepEqual(telling.take(news('two', true), 1), { text: 'text of two' });
  });
});

describe('a sentence without its numbers', () => {
  it('is the same for all numbers, however they are written', () => {
    const at = (iteration: string, loss: string): string => `The loss jumped at iteration ${iteration} to ${loss} nats`;
    const [first, ...others] = [at('3', '4.1'), at('1 240', '-0.002'), at('12,400', '3.2e-5')].map(withoutNumbers);
    for (const other of others) assert.equal(other, first);
  });

  it('is another where its words are', () => {
    assert.notEqual(withoutNumbers('Healthy'), withoutNumbers('Too early to tell'));
  });
});

describe('the news of a run', () => {
  const of = (...args: Parameters<typeof status>): News => {
    const run = {
      description: description(),
      network: NETWORK,
      status: status(...args),
      history: new RunHistory(NETWORK),
    };
    return newsOf(run, messageFor(run, 'answered'));
  };

  it('are that it trains, but not how far it is', () => {
    assert.equal(of('running', { iteration: 5 }).text, 'Training');
    assert.equal(of('running', { iteration: 5 }).key, of('running', { iteration: 500 }).key);
  });

  it('are every step of a paused run, without what can be done next', () => {
    const [one, next] = [of('paused', { iteration: 5 }), of('paused', { iteration: 6 })];
    assert.notEqual(one.key, next.key);
    assert.match(next.text, /^Paused after 6 iterations \([\d.]+ epochs\)$/);
  });

  it('are not how much of the text is read while it starts', () => {
    const keyAt = (bytesRead: number): string => of('starting', { reading: { bytesRead, bytesTotal: 100 } }).key;
    assert.equal(keyAt(10), keyAt(90));
  });

  it('are all of the message where a run is over', () => {
    assert.match(of('finished', { iteration: 9 }).text, /^Finished after 9 iterations .* fresh parameters\.$/);
  });
});
