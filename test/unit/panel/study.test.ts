import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Scene, T, tape } from './studyScene.ts';

suite('what is in sight', () => {
  test('is told to the host with a run, and again with every change of tab or stream, never twice the same', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.state.choose({ unit: 'bits' });
    scene.state.study.chooseStream(3);
    assert.deepEqual(
      scene.of('watch').map(({ tab, stream, reading }) => [tab, stream, reading]),
      [
        ['overview', 0, null],
        ['steps', 0, null],
        ['steps', 3, null],
      ],
    );
  });

  test('is told anew to a host that sends a snapshot, since it may have forgotten', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.snapshot();
    assert.equal(scene.of('watch').length, 2);
  });
});

suite('another stream', () => {
  const chosen = (scene: Scene): (number | null)[] => scene.of('chooseStep').map(({ t }) => t);

  test('takes the editor along, once its window is there, to the time step that is shown', () => {
    const scene = new Scene();
    scene.snapshot('paused', { tape: tape(5) });
    scene.state.choose({ tab: 'steps' });
    scene.state.study.chooseStream(2);
    assert.deepEqual(chosen(scene), [], 'the editor would show a place of the stream before');
    scene.increment({ tape: tape(5, 2) }, 'paused');
    assert.deepEqual(chosen(scene), [T - 1]);
    scene.increment({ tape: tape(6, 2) }, 'paused');
    assert.deepEqual(chosen(scene), [T - 1], 'what comes later is no choice');
  });

  test('that is left again before its window came, takes it nowhere else', () => {
    const scene = new Scene();
    scene.snapshot('paused', { tape: tape(5) });
    scene.state.choose({ tab: 'steps' });
    scene.state.study.chooseStep(2);
    scene.state.study.chooseStream(2);
    scene.state.study.chooseStream(0);
    assert.deepEqual(chosen(scene), [2, 2]);
  });
});

suite('a time step', () => {
  test('is the last one at first, and its cell is asked for with every new tape while the tab is in sight', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.increment({ tape: tape(20) });
    assert.deepEqual(scene.asked('stepDetail'), []);
    scene.state.choose({ tab: 'steps' });
    scene.answer();
    scene.increment({ tape: tape(30) });
    assert.deepEqual(
      scene.asked('stepDetail').map(({ iteration, t }) => [iteration, t]),
      [
        [20, T - 1],
        [30, T - 1],
      ],
    );
    scene.answer();
    assert.equal(scene.state.study.detail?.iteration, 30);
  });

  test('that a person chooses freezes a running window, tells the editor, and asks for its cell', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) });
    scene.answer();
    scene.state.study.chooseStep(2);
    assert.equal(scene.state.study.isLive, false);
    assert.equal(scene.of('watch').at(-1)?.reading, 20);
    assert.equal(scene.of('chooseStep').at(-1)?.t, 2);
    assert.equal(scene.asked('stepDetail').at(-1)?.t, 2);
    scene.state.study.setLive(true);
    assert.equal(scene.of('watch').at(-1)?.reading, null);
  });

  test('that a person chooses right after Pause keeps its window, though that of the pause comes late', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) });
    scene.increment({}, 'paused');
    scene.state.study.chooseStep(2);
    scene.increment({ tape: tape(24) }, 'paused');
    assert.equal(scene.state.study.tape?.iteration, 20);
    scene.state.study.setLive(true);
    assert.equal(scene.state.study.tape?.iteration, 24, 'the window that waited');
  });

  test('of a run that is over freezes nothing: no other window will come', () => {
    const scene = new Scene();
    scene.snapshot('finished');
    scene.increment({ tape: tape(20) }, 'finished');
    scene.state.study.chooseStep(2);
    assert.equal(scene.state.study.isLive, true);
  });

  test('that the editor chose is not told to the editor', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) });
    scene.state.receive({ type: 'showStep', t: 1 });
    assert.equal(scene.state.study.t, 1);
    assert.deepEqual(scene.of('chooseStep'), []);
  });

  test('never shows numbers of another window: a late answer is no cell of the tape on the screen', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) });
    scene.answer({ iteration: 10 });
    assert.equal(scene.state.study.detail, undefined);
    scene.answer();
    scene.increment({ tape: tape(30) });
    assert.equal(scene.state.study.detail, undefined, 'the numbers of iteration 20 are gone with its tape');
    assert.equal(scene.state.study.latestDetail?.iteration, 20);
  });

  test('beyond the end of a shorter window is its last one', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.increment({ tape: tape(20) });
    scene.state.study.chooseStep(100);
    assert.equal(scene.state.study.t, T - 1);
  });
});

suite('the walk', () => {
  test('goes through the eleven steps, on into the cell before, and back the same way', () => {
    const scene = new Scene();
    scene.snapshot('paused');
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) }, 'paused');
    const { study } = scene.state;
    const places = (direction: 1 | -1, steps: number): string[] =>
      Array.from({ length: steps }, () => {
        study.walk(direction);
        return `${study.t}:${study.backwardStep}`;
      });
    assert.deepEqual(places(1, 12).slice(8), ['5:10', '5:11', '4:1', '4:2']);
    assert.deepEqual(places(-1, 3), ['4:1', '5:11', '5:10']);
  });

  test('ends at step 11 of t = 0 and at step 1 of the last time step', () => {
    const scene = new Scene();
    scene.snapshot('paused');
    scene.increment({ tape: tape(20) }, 'paused');
    const { study } = scene.state;
    study.walk(-1);
    assert.deepEqual([study.t, study.backwardStep], [T - 1, 1]);
    study.chooseStep(0, 11);
    study.walk(1);
    assert.deepEqual([study.t, study.backwardStep], [0, 11]);
  });
});

suite('a problem', () => {
  test('of the host stays until it says that there is none; one of an answer goes with the next tape', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ problem: 'no window' });
    scene.increment({});
    assert.equal(scene.state.study.problem, 'no window');
    scene.increment({ problem: null, tape: tape(20) });
    assert.equal(scene.state.study.problem, undefined);
    scene.refuse();
    assert.equal(scene.state.study.problem, 'no longer there');
    scene.increment({ tape: tape(30) });
    assert.equal(scene.state.study.problem, undefined);
  });
});
