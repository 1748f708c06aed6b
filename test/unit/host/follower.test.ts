import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, suite, test } from 'node:test';
import { WindowFollower, type Found, type InSight } from '../../../src/host/study/follower.ts';
import type { Capture } from '../../../src/protocol/study.ts';
import type { Study } from '../../../src/study/study.ts';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
afterEach(() => mock.timers.reset());

const NUMBERS = new Float32Array(4);
const SHAPE = { V: 5, H: 4, T: 3, B: 2 };

/** A network that iterates when the test says so, and a study thread that knows the newest six captures. */
class Scene {
  iteration = 10;
  isRunning = true;
  isThere = true;
  readonly sizes = { ...SHAPE, products: 1 };
  readonly found: Found[] = [];
  readonly problems: (string | undefined)[] = [];
  readonly asked: string[] = [];
  given = 0;
  /** A kind of question that is never answered. */
  slow: string | undefined;
  /** Why the thread answers nothing. */
  failure: string | undefined;
  #known: number[] = [];
  readonly follower: WindowFollower;

  constructor() {
    const study = {
      take: ({ iteration }: Capture) => {
        this.given++;
        this.#known = [...this.#known.filter((known) => known !== iteration), iteration].slice(-4);
      },
      ask: (measure: string, question: { iteration: number; stream?: number }) => {
        this.asked.push(`${measure} ${question.iteration}`);
        if (!this.#known.includes(question.iteration)) return Promise.reject(new Error('no longer in memory'));
        if (this.failure !== undefined) return Promise.reject(new Error(this.failure));
        if (measure === this.slow) return new Promise(() => undefined);
        const { iteration, stream } = question;
        return Promise.resolve(stream === undefined ? { iteration } : { iteration, stream });
      },
    };
    this.follower = new WindowFollower(this, () => study as unknown as Study, {
      found: (change) => this.found.push(change),
      problem: (problem) => this.problems.push(problem),
    });
  }

  capture(): Promise<Capture> {
    const { iteration } = this;
    const arrays = { parameters: NUMBERS, states: NUMBERS, optimizer: { moments: NUMBERS } };
    return Promise.resolve({ iteration, shape: SHAPE, ...arrays } as unknown as Capture);
  }

  /** The iterations of the tapes so far. */
  get tapes(): (number | undefined)[] {
    return this.found.flatMap(({ tape }) => (tape === undefined ? [] : [tape.iteration]));
  }

  async watch(change: Partial<InSight> = {}): Promise<void> {
    this.follower.watch({ tab: 'steps', stream: 0, reading: null, ...change });
    await this.passes(0);
  }

  /** Time goes on, and all that it lets happen has happened. */
  async passes(ms: number): Promise<void> {
    mock.timers.tick(ms);
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
    mock.timers.tick(0);
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  }
}

suite('following the windows of a network', () => {
  test('does not let a person wait for what another tab asked for: the tape comes while influence is under way', async () => {
    const scene = new Scene();
    scene.isRunning = false;
    scene.slow = 'memory';
    await scene.watch({ tab: 'memory' });
    assert.deepEqual(scene.tapes, [10]);
    await scene.watch({ tab: 'steps', stream: 1 });
    assert.equal(scene.found.at(-1)?.tape?.stream, 1);
    assert.equal(
      scene.asked.filter((asked) => asked.startsWith('memory')).length,
      1,
      'nothing is asked twice at a time',
    );
  });

  test('goes on with the vital signs while a person reads a window and looks at the overview', async () => {
    const scene = new Scene();
    await scene.watch();
    await scene.watch({ reading: 10, tab: 'overview' });
    scene.iteration = 900;
    await scene.passes(60_000);
    assert.equal(scene.found.findLast(({ memory }) => memory !== undefined)?.memory?.iteration, 900);
    await scene.watch({ reading: 10, stream: 1 });
    assert.equal(scene.tapes.at(-1), 10, 'the window that is read is still there');
  });

  test('gives each capture to the study thread once, however often the editor asks', async () => {
    const scene = new Scene();
    for (let hover = 0; hover < 5; hover++) await scene.follower.score('', 'a');
    assert.equal(scene.given, 1);
  });

  test('asks nothing while nobody looks, and stops when the panel is hidden', async () => {
    const scene = new Scene();
    scene.follower.schedule();
    await scene.passes(60_000);
    assert.deepEqual(scene.asked, []);
    await scene.watch();
    assert.deepEqual(scene.tapes, [10]);
    scene.follower.watch(undefined);
    await scene.passes(60_000);
    assert.deepEqual(scene.tapes, [10]);
  });

  test('comes with a new window again and again while the network runs', async () => {
    const scene = new Scene();
    await scene.watch();
    for (const iteration of [20, 30, 40]) {
      scene.iteration = iteration;
      await scene.passes(5000);
    }
    assert.deepEqual([...new Set(scene.tapes)], [10, 20, 30, 40]);
  });

  test('gives of a network that stands one window, and another one when it has moved', async () => {
    const scene = new Scene();
    scene.isRunning = false;
    await scene.watch();
    await scene.passes(60_000);
    assert.deepEqual(scene.tapes, [10]);
    scene.iteration = 11;
    scene.follower.schedule();
    await scene.passes(0);
    assert.deepEqual(scene.tapes, [10, 11]);
  });

  test('shows in the memory tab only what is of one window', async () => {
    const scene = new Scene();
    scene.isRunning = false;
    await scene.watch({ tab: 'memory' });
    assert.deepEqual(scene.asked, ['tape 10', 'memory 10', 'spectrum 10']);
  });

  test('stays at the window that a person reads, and measures of it what is not there yet', async () => {
    const scene = new Scene();
    await scene.watch();
    scene.iteration = 500;
    await scene.watch({ reading: 10 });
    await scene.passes(60_000);
    await scene.watch({ reading: 10, stream: 1 });
    assert.equal(scene.asked.at(-1), 'tape 10');
    const before = scene.asked.length;
    await scene.watch({ reading: 10, stream: 1, tab: 'memory' });
    assert.deepEqual([...new Set(scene.tapes)], [10]);
    // The spectrum of that iteration was there from the first look on, whatever the stream.
    const asked = scene.asked.slice(before);
    assert.ok(asked.includes('memory 10') && !asked.includes('spectrum 10'), asked.join());
    await scene.watch();
    await scene.passes(5000);
    assert.equal(scene.tapes.at(-1), 500);
  });

  test('goes back to the window that a person began to read while a newer one was on its way', async () => {
    const scene = new Scene();
    await scene.watch();
    scene.iteration = 20;
    await scene.passes(5000);
    assert.equal(scene.tapes.at(-1), 20);
    await scene.watch({ reading: 10, stream: 1 });
    assert.equal(scene.tapes.at(-1), 10);
  });

  test('a window that is read is not forgotten for the captures that the editor asks about', async () => {
    const scene = new Scene();
    await scene.watch();
    await scene.watch({ reading: 10 });
    for (let scored = 0; scored < 8; scored++) {
      scene.iteration += 100;
      await scene.passes(2000);
      await scene.follower.score('', 'a');
    }
    scene.follower.hold(10);
    await scene.watch({ reading: 10, stream: 1 });
    assert.equal(scene.tapes.at(-1), 10);
    assert.deepEqual(scene.problems, []);
  });

  test('asks for the network anew for the editor only when it has changed for a while', async () => {
    const scene = new Scene();
    await scene.follower.score('', 'a');
    scene.iteration = 20;
    await scene.follower.score('', 'b');
    await scene.passes(2000);
    await scene.follower.score('', 'c');
    assert.deepEqual(scene.asked, ['characterScores 10', 'characterScores 10', 'characterScores 20']);
    // One that has ended is scored as it ended, however young what was scored before is.
    scene.iteration = 30;
    scene.isRunning = false;
    await scene.follower.score('', 'd');
    assert.equal(scene.asked.at(-1), 'characterScores 30');
  });

  test('says why there is no window, tries again later, and says when there is one again', async () => {
    const scene = new Scene();
    scene.failure = 'not finite';
    await scene.watch();
    const asked = scene.asked.length;
    await scene.passes(1000);
    assert.equal(scene.asked.length, asked, 'not again at once');
    scene.failure = undefined;
    await scene.passes(1500);
    assert.deepEqual(scene.problems, ['not finite', undefined]);
    assert.equal(scene.tapes.at(-1), 10);
  });

  test('says nothing when the network itself is gone', async () => {
    const scene = new Scene();
    scene.failure = 'gone';
    scene.isThere = false;
    await scene.watch();
    assert.deepEqual([scene.asked, scene.problems], [[], []]);
  });
});
