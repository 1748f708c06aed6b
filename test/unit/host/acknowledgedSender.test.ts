import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, suite, test } from 'node:test';
import { AcknowledgedSender } from '../../../src/host/acknowledgedSender.ts';

interface Message {
  readonly sequence: number;
  readonly text: string;
}

/** A sender to a page that takes messages, and what its owner is told. */
class Scene {
  readonly sent: Message[] = [];
  readonly told: string[] = [];
  readonly sender = new AcknowledgedSender<Message>({
    post: (message) => {
      this.sent.push(message);
      return Promise.resolve(true);
    },
    due: () => this.told.push('due'),
    free: () => this.told.push('free'),
    lost: () => this.told.push('lost'),
  });
}

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
afterEach(() => mock.timers.reset());

suite('a sender that waits for acknowledgements', () => {
  test('says once that a message is due, so long after the last one', () => {
    const { sender, told } = new Scene();
    sender.acknowledge(sender.send({ text: 'a' }));
    mock.timers.tick(30);
    sender.ask(100);
    sender.ask(10);
    mock.timers.tick(69);
    assert.deepEqual(told, ['free']);
    mock.timers.tick(1);
    assert.deepEqual(told, ['free', 'due']);
    mock.timers.tick(1000);
    assert.deepEqual(told, ['free', 'due']);
  });

  test('is not due while a message is under way, but tells when that has come', () => {
    const { sender, told } = new Scene();
    const sequence = sender.send({ text: 'a' });
    sender.ask(0);
    mock.timers.tick(1000);
    assert.deepEqual(told, []);
    sender.acknowledge(sequence);
    sender.acknowledge(sequence);
    assert.deepEqual(told, ['free']);
  });

  test('tells that a message is lost, which a later one makes up for', () => {
    const { sender, told } = new Scene();
    const first = sender.send({ text: 'a' });
    mock.timers.tick(4999);
    const second = sender.send({ text: 'b' });
    mock.timers.tick(4999);
    sender.acknowledge(first);
    assert.deepEqual(told, []);
    mock.timers.tick(1);
    assert.deepEqual(told, ['lost']);
    assert.ok(second > first);
  });

  test('never counts two messages alike, of whichever page they are', () => {
    const [one, other] = [new Scene(), new Scene()];
    const sequences = [one, other, one].map(({ sender }) => sender.send({ text: 'a' }));
    assert.equal(new Set(sequences).size, 3);
    assert.deepEqual(
      one.sent.map(({ sequence }) => sequence),
      [sequences[0], sequences[2]],
    );
  });

  test('keeps silent once it is stopped, and begins at once when it is restarted', () => {
    const { sender, told } = new Scene();
    sender.acknowledge(sender.send({ text: 'a' }));
    sender.ask(100);
    sender.stop();
    mock.timers.tick(10_000);
    assert.deepEqual(told, ['free']);
    sender.send({ text: 'b' });
    sender.restart();
    sender.ask(60_000);
    mock.timers.tick(0);
    assert.deepEqual(told, ['free', 'due']);
  });

  test('survives a page that cannot be posted to, and a clock that is set back', async () => {
    const told: string[] = [];
    const sender = new AcknowledgedSender<Message>({
      post: () => Promise.reject(new Error('the panel is gone')),
      due: () => told.push('due'),
      free: () => undefined,
      lost: () => told.push('lost'),
    });
    mock.timers.setTime(1_000_000);
    sender.acknowledge(sender.send({ text: 'a' }));
    await Promise.resolve();
    mock.timers.reset();
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
    sender.ask(100);
    mock.timers.tick(100);
    assert.deepEqual(told, ['due']);
  });
});
