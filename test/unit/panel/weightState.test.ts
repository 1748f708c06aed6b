import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { WeightUpdate } from '../../../src/protocol/study.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { Scene, tape } from './studyScene.ts';

function answerUpdate(scene: Scene, change: Partial<WeightUpdate> = {}): void {
  const asked = scene.asked('update').at(-1) ?? assert.fail('no update was asked for');
  const { requestId, iteration, stream, parameter, element } = asked;
  const of = { parameter: parameter ?? 'W_ah', row: element?.row ?? 2, column: element?.column ?? 1 };
  const update = { iteration, stream, ...of, ...change } as WeightUpdate;
  scene.state.receive({ type: 'studied', requestId, result: { ok: true, update } });
}

function standing(stored?: unknown): Scene {
  const scene = new Scene(stored);
  scene.state.choose({ tab: 'steps' });
  scene.snapshot('paused', { tape: tape(9) });
  return scene;
}

suite('the update of a weight that the panel asks for', () => {
  test('is of the largest gradient at first, which is followed from one iteration to the next', () => {
    const scene = standing();
    const [{ iteration, stream, parameter, element }] = scene.asked('update');
    assert.deepEqual([iteration, stream, parameter, element], [9, 0, null, null]);
    answerUpdate(scene);
    assert.deepEqual(scene.state.choices?.weight, { parameter: 'W_ah', element: { row: 2, column: 1 } });
    assert.ok(scene.state.study.weight.isOf(tape(9)));
    assert.equal(scene.asked('update').length, 1);
    scene.increment({ tape: tape(10) }, 'paused');
    assert.ok(!scene.state.study.weight.isOf(tape(10)));
    assert.deepEqual(scene.asked('update').at(-1)?.element, { row: 2, column: 1 });
    assert.equal(scene.asked('update').at(-1)?.iteration, 10);
  });

  test('is not asked of windows that go by, but of one that is read', () => {
    const scene = new Scene();
    scene.state.choose({ tab: 'steps' });
    scene.snapshot('running', { tape: tape(9) });
    scene.increment({ tape: tape(10) });
    assert.equal(scene.asked('update').length, 0);
    assert.ok(!scene.state.study.isStanding);
    scene.state.study.setLive(false);
    assert.equal(scene.asked('update').at(-1)?.iteration, 10);
    scene.state.study.setLive(true);
    scene.increment({ tape: tape(11) });
    assert.equal(scene.asked('update').length, 1);
  });

  test('is asked when the run pauses, of the window that is there', () => {
    const scene = new Scene();
    scene.state.choose({ tab: 'steps' });
    scene.snapshot('running', { tape: tape(9) });
    scene.increment({}, 'paused');
    assert.equal(scene.asked('update').at(-1)?.iteration, 9);
  });

  test('is of the weight that is chosen last, whatever answer comes meanwhile', () => {
    const scene = standing();
    scene.state.study.chooseWeight({ parameter: 'b_h', element: { row: 3, column: 0 } });
    assert.equal(scene.asked('update').length, 1, 'one at a time');
    answerUpdate(scene);
    assert.deepEqual(scene.state.choices?.weight, { parameter: 'b_h', element: { row: 3, column: 0 } });
    assert.equal(scene.asked('update').at(-1)?.parameter, 'b_h');
    answerUpdate(scene);
    assert.ok(scene.state.study.weight.isOf(tape(9)));
    scene.state.study.chooseWeight({ parameter: 'W_xh', element: null });
    answerUpdate(scene, { row: 0, column: 5 });
    assert.deepEqual(scene.state.choices?.weight, { parameter: 'W_xh', element: { row: 0, column: 5 } });
    scene.state.study.chooseWeight(null);
    assert.equal(scene.asked('update').at(-1)?.parameter, null);
  });

  test('is computed only once a person asks for it where that takes long', () => {
    const scene = new Scene();
    scene.state.choose({ tab: 'steps' });
    const settings = { ...DEFAULT_SETTINGS, hiddenSize: 4096, sequenceLength: 2048, batchSize: 32 };
    scene.snapshot('paused', { tape: tape(9) }, settings);
    assert.equal(scene.asked('update').length, 0);
    const { weight } = scene.state.study;
    assert.ok((weight.unaskedMs ?? 0) > 60_000, 'a pass of 32 streams of 2,048 steps with 4,096 units');
    scene.state.study.computeWeight();
    assert.equal(scene.asked('update').length, 1);
    assert.equal(weight.unaskedMs, undefined);
  });

  test('says by itself why there is none, and is asked again of the next window', () => {
    const scene = standing();
    const [{ requestId }] = scene.asked('update');
    scene.state.receive({ type: 'studied', requestId, result: { ok: false, message: 'too many' } });
    assert.equal(scene.state.study.weight.problem, 'too many');
    assert.equal(scene.state.study.problem, undefined, 'the window itself is there');
    assert.equal(scene.asked('update').length, 1);
    scene.increment({ tape: tape(10) }, 'paused');
    answerUpdate(scene);
    assert.equal(scene.state.study.weight.problem, undefined);
  });

  test('is of the same weight after the page was loaded anew, and of none of another run', () => {
    const scene = standing();
    scene.state.study.chooseWeight({ parameter: 'b_h', element: { row: 3, column: 0 } });
    const reloaded = standing(JSON.parse(JSON.stringify(scene.stored)));
    assert.equal(reloaded.asked('update').at(-1)?.parameter, 'b_h');
    assert.deepEqual(reloaded.asked('update').at(-1)?.element, { row: 3, column: 0 });
  });
});
