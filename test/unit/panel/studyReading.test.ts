import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunState } from '../../../src/protocol/run.ts';
import { RUN_ID } from './fixtures.ts';
import { memory, Scene, spectrum, tape } from './studyScene.ts';

/** A window of iteration 20 that a person began to read by choosing a step of it. */
function reading(state: RunState): Scene {
  const scene = new Scene();
  scene.snapshot(state);
  scene.state.choose({ tab: 'steps' });
  scene.increment({ tape: tape(20), memory: memory(20), spectrum: spectrum(20) }, state);
  scene.state.study.chooseStep(2);
  return scene;
}

suite('a window that is read', () => {
  test('gives way to that of the next iteration when the person presses Step', () => {
    const scene = reading('paused');
    scene.state.send({ type: 'control', runId: RUN_ID, action: 'step' });
    assert.deepEqual(
      scene.sent.slice(-2).map(({ type }) => type),
      ['watch', 'control'],
      'the host knows that the window is wanted before it steps',
    );
    scene.increment({ tape: tape(21) }, 'paused');
    assert.equal(scene.state.study.tape?.iteration, 21);
  });

  test('gives way likewise when a paused run does a step that was asked for elsewhere', () => {
    const scene = reading('paused');
    scene.increment({}, 'paused', { iteration: 1235 });
    assert.equal(scene.of('watch').at(-1)?.reading, null);
    scene.increment({ tape: tape(21) }, 'paused', { iteration: 1235 });
    assert.equal(scene.state.study.tape?.iteration, 21);
    assert.equal(scene.state.study.isLive, true);
  });

  test('stays while the last iterations before a pause come in', () => {
    const scene = reading('running');
    scene.increment({}, 'paused', { iteration: 1240 });
    scene.increment({ tape: tape(24) }, 'paused', { iteration: 1240 });
    assert.equal(scene.state.study.tape?.iteration, 20);
  });

  test('stays when the run is resumed', () => {
    const scene = reading('paused');
    scene.state.send({ type: 'control', runId: RUN_ID, action: 'resume' });
    scene.increment({ tape: tape(40) }, 'running');
    assert.equal(scene.state.study.isLive, false);
    assert.equal(scene.state.study.tape?.iteration, 20);
  });

  test('keeps its memory and its spectrum too', () => {
    const { study } = reading('running').state;
    study.take({ memory: memory(30), spectrum: spectrum(30) });
    assert.deepEqual([study.memory?.iteration, study.spectrum?.iteration], [20, 20]);
    study.setLive(true);
    assert.deepEqual([study.memory?.iteration, study.spectrum?.iteration], [30, 30]);
  });

  test('is the one whose memory is in sight on the Memory tab, and its tape follows', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'memory' });
    scene.increment({ tape: tape(30), memory: memory(20) });
    scene.state.study.setLive(false);
    assert.equal(scene.of('watch').at(-1)?.reading, 20);
    scene.increment({ tape: tape(20) });
    assert.equal(scene.state.study.tape?.iteration, 20);
  });

  test('gets its first memory, and that of the stream asked for', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) });
    scene.state.study.chooseStep(2);
    scene.increment({ memory: memory(20) });
    assert.equal(scene.state.study.memory?.stream, 0);
    scene.state.study.chooseStream(3);
    scene.increment({ tape: tape(20, 3), memory: memory(20, 3) });
    assert.deepEqual([scene.state.study.tape?.stream, scene.state.study.memory?.stream], [3, 3]);
    scene.increment({ tape: tape(30, 0), memory: memory(30, 0) });
    assert.deepEqual([scene.state.study.tape?.stream, scene.state.study.memory?.stream], [3, 3], 'a late one');
  });

  test('is still read after a snapshot of the same run', () => {
    const scene = reading('running');
    scene.snapshot('running', { tape: tape(50) });
    assert.equal(scene.state.study.tape?.iteration, 20);
    assert.equal(scene.of('watch').at(-1)?.reading, 20);
  });
});

suite('a window that was read when the page was loaded anew', () => {
  const reloaded = (study: Parameters<Scene['snapshot']>[1] = { tape: tape(50) }): Scene => {
    const scene = new Scene(structuredClone(reading('running').stored));
    scene.snapshot('running', study);
    return scene;
  };

  test('is asked for again, and newer ones wait until it is there', () => {
    const scene = reloaded();
    const { study } = scene.state;
    const shown = (): (number | undefined)[] => [study.tape?.iteration, study.memory?.iteration];
    assert.deepEqual([scene.of('watch').at(-1)?.reading, study.isLive], [20, false]);
    assert.deepEqual(shown(), [undefined, undefined]);
    scene.increment({ tape: tape(60), memory: memory(60) });
    assert.deepEqual(shown(), [undefined, undefined]);
    scene.increment({ tape: tape(20), memory: memory(20) });
    assert.deepEqual(shown(), [20, 20]);
    scene.increment({ tape: tape(70) });
    assert.deepEqual(shown(), [20, 20]);
    study.setLive(true);
    assert.equal(shown()[0], 70);
  });

  test('is there at once where the host shows it still', () => {
    const { study } = reloaded({ tape: tape(20), memory: memory(20), spectrum: spectrum(20) }).state;
    assert.deepEqual([study.tape?.iteration, study.memory?.iteration, study.spectrum?.iteration], [20, 20, 20]);
    assert.equal(study.isLive, false);
    assert.equal(study.lostWindow, undefined);
  });

  test('is told to be gone where the host does not have it any more, and training is followed', () => {
    const scene = reloaded();
    const { study } = scene.state;
    const asked = scene.asked('stepDetail').map(({ iteration, stream, t }) => [iteration, stream, t]);
    assert.deepEqual(asked.at(-1), [20, 0, 2]);
    scene.refuse();
    assert.deepEqual([study.lostWindow, study.isLive, study.tape?.iteration], [20, true, 50]);
    assert.equal(scene.of('watch').at(-1)?.reading, null);
    scene.increment({ tape: tape(60) });
    assert.equal(study.lostWindow, 20, 'until the person has chosen another one');
    study.chooseStep(1);
    assert.deepEqual([study.lostWindow, study.isLive], [undefined, false]);
  });

  test('is not waited for by a page that followed training', () => {
    const before = reading('running');
    before.state.study.setLive(true);
    const scene = new Scene(structuredClone(before.stored));
    scene.snapshot('running', { tape: tape(50) });
    assert.deepEqual([scene.state.study.isLive, scene.state.study.tape?.iteration], [true, 50]);
  });

  test('is no window of another run', () => {
    const stored = structuredClone(reading('running').stored) as { run: { runId: string } };
    stored.run.runId = 'run-0';
    const scene = new Scene(stored);
    scene.snapshot('running', { tape: tape(20) });
    assert.equal(scene.state.study.isLive, true);
    assert.equal(scene.of('watch').at(-1)?.reading, null);
  });
});
