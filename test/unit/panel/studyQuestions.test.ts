import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Numbers, Spectrum } from '../../../src/protocol/study.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { memory, Scene, spectrum, T, tape } from './studyScene.ts';

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

suite('all numbers of a window', () => {
  const FEW = { ...DEFAULT_SETTINGS, hiddenSize: 3, sequenceLength: T, batchSize: 1 };
  const atSteps = (settings = FEW): Scene => {
    const scene = new Scene();
    scene.snapshot('paused', {}, settings);
    scene.state.choose({ tab: 'steps' });
    scene.state.study.take({ tape: tape(20) });
    return scene;
  };
  const answer = (scene: Scene): void => {
    const { requestId, iteration, stream } = scene.asked('numbers').at(-1) ?? assert.fail('none were asked for');
    const numbers = { iteration, stream } as Numbers;
    scene.state.receive({ type: 'studied', requestId, result: { ok: true, numbers } });
  };

  test('are asked for once a window, whatever time step is looked at', () => {
    const scene = atSteps();
    answer(scene);
    scene.state.study.chooseStep(2);
    assert.equal(scene.asked('numbers').length, 1);
    assert.equal(scene.state.study.numbers?.iteration, 20);
    scene.state.study.setLive(true);
    scene.state.study.take({ tape: tape(21) });
    assert.deepEqual(
      scene.asked('numbers').map(({ iteration }) => iteration),
      [20, 21],
    );
  });

  test('are not asked for where there are many, nor on another tab', () => {
    const many = atSteps(DEFAULT_SETTINGS);
    assert.ok(!many.state.study.hasFewNumbers);
    assert.deepEqual(many.asked('numbers'), []);
    const scene = new Scene();
    scene.snapshot('paused', {}, FEW);
    scene.state.study.take({ tape: tape(20) });
    assert.deepEqual(scene.asked('numbers'), []);
  });
});

suite('the spectrum of a chosen weight', () => {
  const LSTM = { ...DEFAULT_SETTINGS, cell: 'lstm' as const };
  const atMemory = (): Scene => {
    const scene = new Scene();
    scene.snapshot('paused', {}, LSTM);
    scene.state.choose({ tab: 'memory' });
    scene.state.study.take({ memory: memory(20), spectrum: spectrum(20) });
    return scene;
  };
  const answer = (scene: Scene): void => {
    const { requestId, iteration, name } = scene.asked('spectrumOf').at(-1) ?? assert.fail('none was asked for');
    const spectrumOf = { ...spectrum(iteration), name };
    scene.state.receive({ type: 'studied', requestId, result: { ok: true, spectrumOf } });
  };

  test('is asked for when it is chosen, of the window that is shown, and is shown when it comes', () => {
    const scene = atMemory();
    const shown = (): Spectrum | undefined => scene.state.study.spectrum;
    assert.equal(shown()?.iteration, 20);
    assert.equal(scene.asked('spectrumOf').length, 0, 'the first one comes by itself');
    scene.state.choose({ weight: 'W_af' });
    const [asked] = scene.asked('spectrumOf');
    assert.deepEqual([asked.iteration, asked.name], [20, 'W_af']);
    assert.equal(shown(), undefined);
    answer(scene);
    assert.deepEqual([shown()?.iteration, shown()?.name], [20, 'W_af']);
  });

  test('is asked for anew with each window, one at a time; the one before is shown until it comes', () => {
    const scene = atMemory();
    const { study } = scene.state;
    scene.state.choose({ weight: 'W_ag' });
    answer(scene);
    study.take({ memory: memory(30), spectrum: spectrum(30) });
    study.take({ memory: memory(40), spectrum: spectrum(40) });
    assert.deepEqual(
      scene.asked('spectrumOf').map(({ iteration }) => iteration),
      [20, 30],
    );
    assert.equal(study.spectrum?.iteration, 20);
    answer(scene);
    answer(scene);
    assert.equal(study.spectrum?.iteration, 40);
  });

  test('is not asked for where nobody looks', () => {
    const scene = atMemory();
    scene.state.choose({ tab: 'overview', weight: 'W_aq' });
    assert.equal(scene.asked('spectrumOf').length, 0);
  });
});
