import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Scene, T, tape } from './studyScene.ts';

suite('questions', () => {
  const atSteps = (): Scene => {
    const scene = new Scene();
    scene.snapshot('paused');
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) }, 'paused');
    scene.answer();
    return scene;
  };

  test('about cells are under way one at a time; whoever walks on is answered where they are by then', () => {
    const scene = atSteps();
    for (const t of [4, 3, 2]) scene.state.study.chooseStep(t);
    const asked = (): number[] => scene.asked('stepDetail').map(({ t }) => t);
    assert.deepEqual(asked(), [T - 1, 4]);
    scene.answer();
    assert.deepEqual(asked(), [T - 1, 4, 2]);
    scene.answer();
    assert.equal(scene.state.study.detail?.t, 2);
    assert.deepEqual(asked(), [T - 1, 4, 2]);
  });

  test('about a parameter are asked once for all steps of an iteration', () => {
    const scene = atSteps();
    scene.state.study.showMatrix('W_ah');
    scene.answerMatrix();
    scene.state.study.chooseStep(2);
    assert.equal(scene.asked('matrix').length, 1);
    assert.equal(scene.state.study.matrix?.name, 'W_ah');
  });

  test('about a contribution are asked for every step, one at a time', () => {
    const scene = atSteps();
    scene.state.study.showMatrix('dW_ah');
    for (const t of [4, 3, 2]) scene.state.study.chooseStep(t);
    assert.deepEqual(
      scene.asked('matrix').map(({ t }) => t),
      [T - 1],
    );
    scene.answerMatrix();
    assert.deepEqual(
      scene.asked('matrix').map(({ t }) => t),
      [T - 1, 2],
    );
  });

  test('that cannot be answered are not asked again by themselves, but when the person asks', () => {
    const scene = atSteps();
    scene.state.study.chooseStep(2);
    scene.refuse();
    scene.increment({}, 'paused');
    assert.equal(scene.asked('stepDetail').length, 2);
    assert.equal(scene.state.study.problem, 'no longer there');
    scene.state.study.chooseStep(2);
    assert.equal(scene.asked('stepDetail').length, 3);
    scene.answer();
    assert.equal(scene.state.study.problem, undefined);
  });
});
