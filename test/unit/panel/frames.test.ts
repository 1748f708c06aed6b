import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Frames } from '../../../src/panel/frames.ts';

/** A browser with a frame every 16 ms, and parts that take as long as they say. */
class Scene {
  readonly drawn: string[] = [];
  readonly frames: Frames;
  #nowMs = 0;
  #requested: ((nowMs: number) => void)[] = [];
  #hide: () => void = () => undefined;

  constructor(partMs: Readonly<Record<string, number>>) {
    const parts = Object.entries(partMs).map(([name, ms]) => () => {
      this.#nowMs += ms;
      if (name === 'broken') throw new Error('This part cannot be drawn.');
      this.drawn.push(name);
    });
    this.frames = new Frames(parts, () => this.drawn.push('|'), {
      requestFrame: (draw) => this.#requested.push(draw),
      nowMs: () => this.#nowMs,
      onHide: (hidden) => (this.#hide = hidden),
      report: () => this.drawn.push('!'),
    });
  }

  /** Time passes without a frame. */
  wait(ms: number): void {
    this.#nowMs += ms;
  }

  /** The page goes out of sight; returns what was drawn then. */
  hide(): string {
    this.drawn.length = 0;
    this.#hide();
    return this.drawn.join('');
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
    assert.equal(scene.frame(), 'ab|');
    assert.ok(scene.isIdle);
  });

  it('spreads what takes long over several frames, in order', () => {
    const scene = new Scene({ a: 3, b: 3, c: 9, d: 1 });
    scene.frames.request(false);
    assert.deepEqual([scene.frame(), scene.frame(), scene.frame()], ['ab', 'c', 'd|']);
    assert.ok(scene.isIdle);
  });

  it('draws for a run at most ten times a second', () => {
    const scene = new Scene({ a: 1 });
    let drawings = 0;
    for (let frame = 0; frame < 625; frame++) {
      scene.frames.request(false);
      if (scene.frame() === 'a|') drawings++;
    }
    assert.ok(drawings >= 70 && drawings <= 100, `${drawings} in ten seconds`);
  });

  it('leaves most of the time to the page where drawing for a run takes long, and never lags by more than half a second', () => {
    const drawingsOf = (partMs: number): number => {
      const scene = new Scene({ a: partMs, b: partMs });
      let drawings = 0;
      for (let frame = 0; frame < 625; frame++) {
        scene.frames.request(false);
        if (scene.frame() === 'b|') drawings++;
      }
      return drawings;
    };
    const [quick, slow] = [drawingsOf(6), drawingsOf(30)];
    assert.ok(quick >= 24 && quick <= 30, `${quick} drawings of 12 ms in ten seconds`);
    assert.ok(slow >= 18 && slow <= 22, `${slow} drawings of 60 ms in ten seconds`);
  });

  it('comes to every part also where a run asks anew with every frame', () => {
    const scene = new Scene({ a: 20, b: 20, c: 20 });
    const seen = new Set<string>();
    for (let frame = 0; frame < 60; frame++) {
      scene.frames.request(false);
      seen.add(scene.frame());
    }
    assert.deepEqual([...seen].filter((part) => part !== '').sort(), ['a', 'b', 'c|']);
  });

  it('draws everything with the next frame for a person, also in the middle of a drawing for the run', () => {
    const scene = new Scene({ a: 20, b: 20, c: 20 });
    scene.frames.request(false);
    assert.equal(scene.frame(), 'a');
    scene.frames.request(true);
    assert.equal(scene.frame(), 'abc|');
    assert.ok(scene.isIdle);
  });

  it('shows one moment: what changes while a drawing is under way changes when it is over', () => {
    const scene = new Scene({ a: 20, b: 20 });
    const change = (name: string): void => scene.frames.change(() => scene.drawn.push(name));
    change('1');
    scene.frames.request(false);
    assert.equal(scene.frame(), 'a');
    change('2');
    change('3');
    assert.equal(scene.frame(), 'b|23');
    change('4');
    assert.equal(scene.drawn.join(''), 'b|234');
  });

  it('applies what waits before it draws for a person', () => {
    const scene = new Scene({ a: 20, b: 20 });
    scene.frames.request(false);
    scene.frame();
    scene.frames.change(() => scene.drawn.push('1'));
    scene.frames.request(true);
    assert.equal(scene.frame(), '1ab|');
  });

  it('ends a drawing when the page goes out of sight, so that nothing waits for frames that do not come', () => {
    const scene = new Scene({ a: 20, b: 20 });
    scene.frames.request(false);
    scene.frame();
    scene.frames.change(() => scene.drawn.push('1'));
    assert.equal(scene.hide(), 'b|1');
  });

  it('ends a drawing that gets no frames, before what came meanwhile', () => {
    const scene = new Scene({ a: 20, b: 20 });
    scene.frames.request(false);
    scene.frame();
    scene.wait(2000);
    scene.frames.change(() => scene.drawn.push('1'));
    assert.equal(scene.drawn.join(''), 'ab|1');
  });

  for (const urgent of [false, true]) {
    it(`comes to the end also where a part cannot be drawn, ${urgent ? 'for a person' : 'for a run'}`, () => {
      const scene = new Scene({ broken: 1, a: 1 });
      scene.frames.request(urgent);
      assert.throws(() => scene.frame(), /cannot be drawn/);
      scene.frames.change(() => scene.drawn.push('1'));
      assert.equal(scene.frame(), 'a|1');
      assert.ok(scene.isIdle);
    });
  }

  it('goes on after a change that cannot be made', () => {
    const scene = new Scene({ a: 20, b: 20 });
    scene.frames.request(false);
    scene.frame();
    scene.frames.change(() => assert.fail());
    scene.frames.change(() => scene.drawn.push('1'));
    assert.equal(scene.frame(), 'b|!1');
  });
});
