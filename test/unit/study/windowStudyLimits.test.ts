import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { finish } from '../../../src/common/work.ts';
import { jacobianName, SOFTMAX_JACOBIAN } from '../../../src/network/jacobians.ts';
import type { Capture } from '../../../src/protocol/study.ts';
import { warmUp } from '../../../src/study/windowStudyWarmUp.ts';
import { randomNetwork } from '../model/networks.ts';
import { captureOf, windowStudyOf } from './windowStudyCaptures.ts';
import { unitsOf } from '../inspection/unitsOf.ts';

const SHAPE = { V: 5, H: 4, T: 3, B: 2 };

function captured(iteration: number): Capture {
  return captureOf(randomNetwork('reference', SHAPE, 'mean', iteration), iteration);
}

suite('captured windows', () => {
  const asked = { stream: 0, t: 0 };

  test('the newest six are kept, whatever is asked about the others', () => {
    const captures = [1195, 1196, 1197, 1198, 1199, 1200, 1201].map(captured);
    const windowStudy = windowStudyOf(...captures);
    captures.slice(1).forEach((capture) => assert.equal(windowStudy.captureOf(capture.iteration), capture));
    const gone = new InputError('Iteration 1\u202f195 is no longer in memory. Go back to live.');
    const iteration = 1195;
    assert.throws(() => windowStudy.captureOf(iteration), gone);
    assert.throws(() => finish(windowStudy.tape({ ...asked, iteration })), gone);
    assert.throws(() => finish(windowStudy.stepDetail({ ...asked, iteration })), gone);
    assert.throws(() => finish(windowStudy.matrix({ ...asked, iteration, name: 'W_ah' })), gone);
    assert.throws(() => finish(windowStudy.memory({ ...asked, iteration })), gone);
    assert.throws(() => finish(windowStudy.spectrum({ ...asked, iteration })), gone);
  });

  test('a window whose pass is known is gone with its capture', () => {
    const windowStudy = windowStudyOf(captured(0));
    finish(windowStudy.tape({ ...asked, iteration: 0 }));
    for (let iteration = 1; iteration <= 6; iteration++) windowStudy.take(captured(iteration));
    assert.throws(() => finish(windowStudy.tape({ ...asked, iteration: 0 })), InputError);
  });

  test('a window captured again takes the place of the one before, and no place of another', () => {
    const windowStudy = windowStudyOf(...[1, 2, 3, 4, 5, 6].map(captured));
    const question = { ...asked, iteration: 6 } as const;
    const before = finish(windowStudy.stepDetail(question));
    windowStudy.take({ ...captured(7), iteration: 6 });
    assert.notDeepEqual(finish(windowStudy.stepDetail(question)).now.a, before.now.a);
    assert.ok(windowStudy.captureOf(1));
  });

  test('one whose parts contradict each other is refused', () => {
    const capture = captured(0);
    const windowStudy = windowStudyOf();
    for (const part of ['parameters', 'states', 'inputs', 'targets', 'positions'] as const) {
      const wrong = { ...capture, [part]: capture[part].slice(1) };
      assert.throws(() => windowStudy.take(wrong), RangeError, part);
    }
    for (const ids of ['inputs', 'targets'] as const) {
      for (const id of [SHAPE.V, -1]) {
        const wrong = { ...capture, [ids]: capture[ids].map((value, at) => (at === 3 ? id : value)) };
        assert.throws(() => windowStudy.take(wrong), RangeError, `${ids}: ${id}`);
      }
    }
    assert.throws(() => windowStudy.take({ ...capture, shape: { ...SHAPE, T: 0 } }), RangeError);
    assert.throws(() => windowStudy.captureOf(0), InputError);
  });
});

suite('questions about what is not there', () => {
  const windowStudy = windowStudyOf(captured(0));
  const asked = { iteration: 0 };

  test('a stream', () => {
    const work = () => finish(windowStudy.memory({ ...asked, stream: 2 }));
    const message = 'There is no stream 2: this window has 2 streams, and they are counted from 0. Choose one up to 1.';
    assert.throws(work, new InputError(message));
  });

  test('a time step', () => {
    const message =
      'There is no time step 3: this window has 3 time steps, and they are counted from 0. Choose one up to 2.';
    const ofWindow = { ...asked, stream: 0, t: 3 };
    assert.throws(() => finish(windowStudy.stepDetail({ ...ofWindow })), new InputError(message));
    for (const name of ['W_xh', 'dW_ah', SOFTMAX_JACOBIAN, jacobianName(1)]) {
      assert.throws(() => finish(windowStudy.matrix({ ...ofWindow, name })), new InputError(message));
    }
  });

  test('a matrix that the network does not have', () => {
    for (const name of ['W_xi', 'b_h', 'db_o', 'x]', '__proto__', jacobianName(2)]) {
      const message = `The network of this run has no matrix "${name}".`;
      const question = { ...asked, stream: 0, t: 0, name };
      assert.throws(() => finish(windowStudy.matrix(question)), new InputError(message));
    }
  });

  test('a matrix too large to be looked at', () => {
    const V = 4097;
    const large = windowStudyOf(captureOf(randomNetwork('reference', { V, H: 1, T: 1, B: 1 }, 'mean', 1)));
    const question = { ...asked, stream: 0, t: 0 } as const;
    assert.equal(finish(large.matrix({ ...question, name: 'W_ao' })).rows, V);
    assert.throws(
      () => finish(large.matrix({ ...question, name: SOFTMAX_JACOBIAN })),
      (error) => error instanceof InputError && error.message.includes('4\u202f097 × 4\u202f097'),
    );
  });

  test('a spectrum of numbers that are not finite', () => {
    const capture = captured(0);
    capture.parameters.fill(NaN);
    const work = () => finish(windowStudyOf(capture).spectrum({ ...asked }));
    assert.throws(work, /^InputError: W_ah before iteration 0 has no spectrum: it holds NaN in row 0, column 0\./);
  });
});

suite('work', () => {
  const large = { V: 30, H: 128, T: 64, B: 2 };
  const windowStudy = windowStudyOf(captureOf(randomNetwork('reference', large, 'mean', 1)));
  const question = { iteration: 0, stream: 1, t: 5 };

  test('comes in pieces, and what a tape has computed is there for the questions after it', () => {
    const { V, H, T } = large;
    // A step back through the window takes the products of the gradients besides: less than three times those of a step.
    const step = 3 * H * (H + V);
    const tape = unitsOf(windowStudy.tape({ ...question }));
    assert.ok(tape.largest < step, `${tape.largest} multiplications of ${step}`);
    // There and back, the contributions, and what is said of each step.
    assert.equal(tape.count, 4 * T);
    assert.equal(unitsOf(windowStudy.stepDetail({ ...question })).count, 0);
    assert.equal(unitsOf(windowStudy.matrix({ ...question, name: 'dW_ah' })).count, 0);
    const memory = unitsOf(windowStudy.memory({ ...question }));
    assert.ok(memory.largest <= 32 * H * H && memory.count > 6 * T, `${memory.largest}, ${memory.count} units`);
    // Another stream is another pass.
    const other = unitsOf(windowStudy.stepDetail({ ...question, stream: 0 }));
    assert.ok(other.largest < step && other.count === 2 * T, `${other.largest}, ${other.count} units`);
  });

  test('of dead units is of some streams at a time, however many there are', () => {
    const { H } = large;
    const shape = { ...large, B: 40 };
    const network = randomNetwork('reference', shape, 'mean', 1);
    network.parameters.b_h[3] = 100;
    const ofAll = unitsOf(windowStudyOf(captureOf(network)).memory({ ...question }));
    network.parameters.b_h[3] = 0;
    const withoutDead = unitsOf(windowStudyOf(captureOf(network)).memory({ ...question }));
    assert.equal(ofAll.multiplications - withoutDead.multiplications, large.T * shape.B * H * H);
    assert.equal(ofAll.count - withoutDead.count, large.T * 3);
    assert.ok(ofAll.largest <= 32 * H * H, `${ofAll.largest} multiplications`);
  });

  test('an answer owns its arrays', () => {
    const first = finish(windowStudy.stepDetail({ ...question }));
    const kept = structuredClone(first);
    for (const part of Object.values(first)) if (ArrayBuffer.isView(part)) (part as Float64Array).fill(7);
    finish(windowStudy.matrix({ ...question, name: 'W_ah' })).values.fill(7);
    const memory = finish(windowStudy.memory({ ...question }));
    memory.units.a.values.fill(7);
    memory.inputs.fill(7);
    finish(windowStudy.tape({ ...question })).inputs.fill(7);
    assert.deepEqual(finish(windowStudy.stepDetail({ ...question })), kept);
  });

  test('two that take turns give what they give one after the other', () => {
    const ofBoth = () => {
      const fresh = windowStudyOf(captureOf(randomNetwork('reference', large, 'mean', 1)));
      return [fresh.tape({ ...question }), fresh.memory({ ...question })] as const;
    };
    const [tape, memory] = ofBoth();
    let tapeStep = tape.next();
    let memoryStep = memory.next();
    while (tapeStep.done !== true || memoryStep.done !== true) {
      if (tapeStep.done !== true) tapeStep = tape.next();
      if (memoryStep.done !== true) memoryStep = memory.next();
    }
    const expected = ofBoth().map((work) => finish<unknown>(work));
    assert.deepEqual([tapeStep.value, memoryStep.value], expected);
  });
});

test('the warm-up comes in pieces and comes to an end', () => {
  const { largest, multiplications } = unitsOf(warmUp());
  // A piece of influence is at most 32 rows of errors: of 96 hidden units a tenth of what is done before another look.
  assert.ok(largest <= 32 * 96 * 96, `${largest} multiplications`);
  assert.ok(multiplications > 40 * largest, `${multiplications} multiplications`);
});
