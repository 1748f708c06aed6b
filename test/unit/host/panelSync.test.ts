import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { LevelPoints } from '../../../src/common/bucketRing.ts';
import { RunHistory } from '../../../src/history/history.ts';
import type { IncrementMessage, RunDescription } from '../../../src/protocol/panel.ts';
import type { Memory } from '../../../src/protocol/study.ts';
import { FACTS } from '../panel/fixtures.ts';
import { Scene } from './panelScene.ts';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
afterEach(() => mock.timers.reset());

test('nothing is sent before the panel is ready, then everything at once', () => {
  const scene = new Scene();
  scene.iterate(5);
  mock.timers.tick(1000);
  assert.equal(scene.sent.length, 0);
  scene.sync.sendSnapshot();
  assert.deepEqual(
    scene.sent.map(({ type }) => type),
    ['snapshot'],
  );
});

test('an increment waits for the acknowledgement and holds all that happened meanwhile', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  for (let n = 0; n < 7; n++) {
    scene.iterate(2);
    mock.timers.tick(100);
  }
  assert.equal(scene.sent.length, 1);
  scene.acknowledgeLast();
  mock.timers.tick(100);
  assert.equal(scene.sent.length, 2);
  const increment = scene.last;
  assert.equal(increment.type, 'increment');
  assert.ok(increment.type === 'increment');
  assert.deepEqual([increment.firstIteration, increment.iterations], [0, 14]);
});

test('what is known of an imported network comes once more with the facts, which its first loss comes with', () => {
  const description: Partial<RunDescription> = { imported: { fileName: 'net', assumptions: [], notes: [] } };
  const scene = new Scene(description);
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  const imported = { fileName: 'net', assumptions: [], notes: [], firstLossNats: 2.5 };
  scene.describe({ facts: FACTS, imported });
  for (let n = 0; n < 2; n++) {
    scene.iterate(1);
    mock.timers.tick(100);
    const { last } = scene;
    assert.ok(last.type === 'increment');
    assert.deepEqual([last.facts, last.imported], n === 0 ? [FACTS, imported] : [undefined, undefined]);
    scene.acknowledgeLast();
  }
});

test('increments come at most fifteen times a second', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  for (let ms = 0; ms < 1000; ms += 5) {
    scene.iterate(1);
    mock.timers.tick(5);
    scene.acknowledgeLast();
  }
  assert.ok(scene.sent.length >= 10 && scene.sent.length <= 17, `${scene.sent.length} messages`);
});

test('a message that is never acknowledged is followed by a new snapshot', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  scene.iterate(1);
  mock.timers.tick(100);
  assert.equal(scene.last.type, 'increment');
  mock.timers.tick(4000);
  assert.equal(scene.sent.length, 2);
  mock.timers.tick(1500);
  assert.equal(scene.last.type, 'snapshot');
});

test('an acknowledgement of an earlier message does not count', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  const stale = scene.last.sequence;
  scene.sync.sendSnapshot();
  scene.sync.acknowledge(stale);
  scene.iterate(1);
  mock.timers.tick(200);
  assert.equal(scene.last.type, 'snapshot');
});

/** What a curve over these iterations would show, on either side. */
function curves(scene: Scene, from: number, to: number, most: number): { panel: LevelPoints; host: LevelPoints } {
  const panel = scene.mirror.run?.history;
  assert.ok(panel);
  return {
    panel: panel.points('gradNorm', from, to, most),
    host: scene.history.points('gradNorm', from, to, most),
  };
}

function assertSame({ panel, host }: { panel: LevelPoints; host: LevelPoints }): void {
  assert.deepEqual([panel.row, panel.minimum, panel.maximum], [host.row, host.minimum, host.maximum]);
  assert.equal(panel.width, host.width);
  // The bucket under way is summed up in another order.
  panel.mean.forEach((mean, i) => assert.ok(Math.abs(mean - host.mean[i]) < 1e-6, `${mean}, ${host.mean[i]}`));
}

/** Follows a scene for so many increments with so many iterations each. */
function follow(scene: Scene, increments: number, iterations: number): void {
  for (let n = 0; n < increments; n++) {
    scene.iterate(iterations);
    mock.timers.tick(1000);
    scene.acknowledgeLast();
  }
}

test('a run that is not too fast is known to the panel as the host knows it', () => {
  const scene = new Scene();
  scene.iterate(700);
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  follow(scene, 180, 222);
  for (const [from, to, most] of [
    [0, 40_660, 600],
    [0, 40_660, 20],
    [20_000, 31_000, 2000],
    [40_000, 40_660, 1000],
  ] as const) {
    assertSame(curves(scene, from, to, most));
  }
  assert.equal(scene.mirror.run?.history.newest('lossSmoothedNats'), scene.history.newest('lossSmoothedNats'));
});

test('of a very fast run the panel has the whole and the newest, and no increment is large', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  follow(scene, 100, 11_111);
  assert.deepEqual(new Set(scene.sent.slice(1).map(({ type }) => type)), new Set(['increment']));
  for (const message of scene.sent) assert.ok(bytes(message) < 400_000, `${bytes(message)} bytes`);
  const newest = scene.history.iterations;
  assertSame(curves(scene, 0, newest, 700));
  assertSame(curves(scene, newest - 250, newest, 700));
  assertSame(curves(scene, newest - 1000, newest, 600));
  assert.equal(scene.mirror.run?.history.newest('gradNorm'), scene.history.newest('gradNorm'));
  // Between those the curve is coarser, but nothing is missing from it and nothing is invented.
  const { panel, host } = curves(scene, newest - 3000, newest, 4000);
  assert.ok(panel.width > 1 && host.width === 1);
  assert.ok(Math.min(...panel.minimum) <= Math.min(...host.minimum));
  assert.ok(Math.max(...panel.maximum) >= Math.max(...host.maximum));
  const covered = panel.row.map((row, i) => (panel.row[i + 1] ?? newest) - row);
  assert.ok(covered.every((step) => step <= panel.width));
});

test('when a fast run pauses the panel gets what was left out, and steps follow it at once', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  follow(scene, 50, 9_999);
  scene.turn('paused');
  mock.timers.tick(1000);
  scene.acknowledgeLast();
  const newest = scene.history.iterations;
  for (const span of [300, 3000, 4000, 15_000, 60_000, newest]) {
    assertSame(curves(scene, newest - span, newest, 4200));
  }
  scene.iterate(1);
  mock.timers.tick(70);
  scene.acknowledgeLast();
  assert.equal(scene.mirror.run?.history.iterations, newest + 1);
  assert.ok(bytes(scene.last) < 1000, 'what was left out is sent once');
});

test('the metrics of a running run stay at a megabyte a second, however fast it is', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  follow(scene, 60, 20_000);
  const before = scene.sent.length;
  for (let ms = 0; ms < 5000; ms += 20) {
    scene.iterate(4000);
    mock.timers.tick(20);
    scene.acknowledgeLast();
  }
  const sent = scene.sent.slice(before).reduce((sum, message) => sum + bytes(message), 0);
  assert.ok(sent < 5 * 1.2e6, `${sent} bytes`);
  assert.ok(sent > 5 * 0.8e6, `${sent} bytes would be little use of what is allowed`);
});

test('a hidden panel gets nothing until it is ready again', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  scene.iterate(1);
  scene.sync.pause();
  scene.iterate(1);
  mock.timers.tick(20_000);
  assert.equal(scene.sent.length, 1);
  scene.sync.sendSnapshot();
  assert.equal(scene.sent.length, 2);
});

test('a pause is sent at once, however long the wait after much that was sent', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  follow(scene, 60, 20_000);
  scene.iterate(1);
  const before = scene.sent.length;
  scene.turn('paused');
  mock.timers.tick(70);
  assert.equal(scene.sent.length, before + 1);
  assert.ok(scene.last.type === 'increment' && scene.last.status.state === 'paused');
});

test('what is on the screen is the newest that was sent before it, and nothing once the panel is hidden', () => {
  const scene = new Scene();
  scene.iterate(3);
  scene.sync.sendSnapshot();
  scene.sync.drawn(scene.last.sequence);
  assert.deepEqual(scene.shown, [3]);
  for (const iterations of [10, 20]) {
    scene.acknowledgeLast();
    scene.iterate(iterations);
    mock.timers.tick(100);
  }
  // The panel drew the snapshot again, then both increments at once.
  scene.sync.drawn(scene.last.sequence - 2);
  scene.sync.drawn(scene.last.sequence);
  assert.deepEqual(scene.shown, [3, 33]);
  scene.sync.pause();
  assert.deepEqual(scene.shown, [3, 33, undefined]);
});

test('no message holds more typed arrays than VS Code can pass, however much happened', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.happens(300);
  scene.acknowledgeLast();
  mock.timers.tick(100);
  scene.sync.sendSnapshot();
  assert.deepEqual(
    scene.sent.map(({ type }) => type),
    ['snapshot', 'increment', 'snapshot'],
  );
  for (const message of scene.sent) assert.ok(typedArrays(message) < 60, `${message.type}: ${typedArrays(message)}`);
  assert.ok(scene.last.type === 'snapshot' && scene.last.run !== null);
  assert.equal(new RunHistory(scene.last.run.history).of('inspection').length, 300);
});

/** Bytes of all typed arrays in a message. */
function bytes(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + bytes(part), 0);
}

function typedArrays(value: unknown): number {
  if (ArrayBuffer.isView(value)) return 1;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + typedArrays(part), 0);
}

test('what only another tab shows is sent where it is small; what is large comes when its tab is chosen', () => {
  const scene = new Scene();
  const memory = (numbers: number) =>
    ({ iteration: 7, reaches: { h: { influence: new Float64Array(numbers) } } }) as unknown as Memory;
  const studied = () => (scene.last as IncrementMessage).study;
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  const tells = (found: Memory): void => {
    scene.study.results = { memory: found };
    scene.studies({ memory: found });
    mock.timers.tick(1000);
    scene.sync.acknowledge(scene.last.sequence);
  };
  tells(memory(100));
  assert.equal(studied().memory?.reaches.h.influence.length, 100);
  tells(memory(1_000_000));
  assert.equal(studied().memory, undefined);
  scene.sync.showTab('memory');
  mock.timers.tick(1000);
  assert.equal(studied().memory?.reaches.h.influence.length, 1_000_000);
});
