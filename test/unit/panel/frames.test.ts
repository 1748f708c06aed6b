import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Frames } from '../../../src/panel/frames.ts';

/** A browser with a frame every 16 ms, and parts that take as long as they say. */
class Scene {
  readonly drawn: string[] = [];
  readonly frames: Frames;
  #nowMs = 0;
  #requested: ((nowMs: number) => void)[] = [];

  constructor(partMs: Readonly<Record<string, number>>) {
    const parts = Object.entries(partMs).map(([name, ms]) => () => {
      this.drawn.push(name);
      this.#nowMs += ms;
    });
    this.frames = new Frames(parts, {
      requestFrame: (draw) => this.#requested.push(draw),
      nowMs: () => this.#nowMs,
    });
  }

  /** The browser's next frame; returns what was drawn with it. */
  frame(): string {
    this.#nowMs = Math.ceil((this.#nowMs + 1) / 16) * 16;
    this.drawn.length = 0;
    const requested = this.#requested;
    this.#requested = [];
    assert.ok(requested.length <= 1, 'one frame is asked for at a time');
    for (const draw of requested) draw(this.#nowMs);
    return this.drawn.join('');
  }

  get isIdle(): boolean {
    return this.#requested.length === 0;
  }
}

describe('drawing with the frames of the browser', () => {
  it('draws everything at once where it is quick, and then rests', () => {
    const scene = new Scene({ a: 1, b: 1 });
    scene.frames.request(false);
    scene.frames.request(false);
    assert.equal(scene.frame(), 'ab');
    assert.ok(scene.isIdle);
  });

  it('spreads what takes long over several frames, in order', () => {
    const scene = new Scene({ a: 3, b: 3, c: 9, d: 1 });
    scene.frames.request(false);
    assert.deepEqual([scene.frame(), scene.frame(), scene.frame()], ['ab', 'c', 'd']);
    assert.ok(scene.isIdle);
  });

  it('draws for a run at most 15 times a second', () => {
    const scene = new Scene({ a: 1 });
    let drawings = 0;
    for (let frame = 0; frame < 625; frame++) {
      scene.frames.request(false);
      if (scene.frame() === 'a') drawings++;
    }
    assert.ok(drawings >= 100 && drawings <= 150, `${drawings} in ten seconds`);
  });

  it('leaves most of the time to the page where drawing for a run takes long', () => {
    const scene = new Scene({ a: 15, b: 15 });
    let drawings = 0;
    for (let frame = 0; frame < 625; frame++) {
      scene.frames.request(false);
      if (scene.frame() === 'b') drawings++;
    }
    assert.ok(drawings >= 9 && drawings <= 12, `${drawings} drawings of 30 ms in ten seconds`);
  });

  it('comes to every part also where a run asks anew with every frame', () => {
    const scene = new Scene({ a: 20, b: 20, c: 20 });
    const seen = new Set<string>();
    for (let frame = 0; frame < 60; frame++) {
      scene.frames.request(false);
      seen.add(scene.frame());
    }
    assert.deepEqual([...seen].filter((part) => part !== '').sort(), ['a', 'b', 'c']);
  });

  it('draws everything with the next frame for a person, also in the middle of a drawing for the run', () => {
    const scene = new Scene({ a: 20, b: 20, c: 20 });
    scene.frames.request(false);
    assert.equal(scene.frame(), 'a');
    scene.frames.request(true);
    assert.equal(scene.frame(), 'abc');
    assert.ok(scene.isIdle);
  });
});
