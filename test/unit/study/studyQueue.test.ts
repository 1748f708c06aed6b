import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import { StudyEvent, type Question } from '../../../src/protocol/measures.ts';
import { StudyQueue } from '../../../src/study/studyQueue.ts';
import { BUNDLES } from '../kernels/built.ts';
import { randomNetwork } from '../model/networks.ts';
import { captureOf } from './windowStudyCaptures.ts';

const SHAPE = { V: 30, H: 128, T: 64, B: 2 };

/** A queue with one captured window, and what it answered. */
class Scene {
  readonly heard: StudyEvent[] = [];
  readonly #queue = new StudyQueue(BUNDLES, (event) => this.heard.push(v.parse(StudyEvent, event)));
  #asked = 0;

  constructor() {
    const capture = captureOf(randomNetwork('reference', SHAPE, 'mean', 1), 7);
    this.#queue.receive({ type: 'capture', runId: 'run', capture });
    this.work();
  }

  ask(question: Question): void {
    this.#queue.receive({ type: 'ask', runId: 'run', requestId: ++this.#asked, question });
  }

  /** Does so many pieces, or all there are; returns how many it did. */
  work(most = Infinity): number {
    for (let pieces = 1; pieces <= most; pieces++) if (!this.#queue.advance()) return pieces;
    return most;
  }

  get answered(): string[] {
    return this.heard.map((event) => (event.type === 'answer' ? event.measure : event.type));
  }
}

suite('the queue of what the study is asked', () => {
  const where = { iteration: 7, stream: 1 };

  test('stops long work for a moment again and again, and what takes little is done in one piece', () => {
    const scene = new Scene();
    scene.ask({ measure: 'memory', ...where });
    // T²H²/2 multiplications for the influence alone, three million at a time.
    const pieces = scene.work();
    assert.ok(pieces > 10 && pieces < 40, `${pieces} pieces`);
    scene.ask({ measure: 'stepDetail', ...where, t: 3 });
    assert.equal(scene.work(), 1);
    assert.deepEqual(scene.answered, ['memory', 'stepDetail']);
  });

  test('does what is more urgent first, also when it comes in the middle of other work', () => {
    const scene = new Scene();
    scene.ask({ measure: 'memory', ...where });
    scene.ask({ measure: 'spectrum', iteration: 7 });
    scene.work(3);
    assert.deepEqual(scene.answered, []);
    scene.ask({ measure: 'tape', ...where });
    scene.work();
    assert.deepEqual(scene.answered, ['tape', 'memory', 'spectrum']);
  });

  test('goes on after a question that it cannot answer', () => {
    const scene = new Scene();
    scene.ask({ measure: 'memory', iteration: 8, stream: 0 });
    scene.ask({ measure: 'tape', ...where });
    scene.ask({ measure: 'stepDetail', ...where, t: 64 });
    scene.work();
    assert.deepEqual(scene.answered, ['unanswered', 'tape', 'unanswered']);
  });
});
