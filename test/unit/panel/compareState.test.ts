import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompareState } from '../../../src/panel/compare/compareState.ts';
import { assignSlots } from '../../../src/panel/compare/compareUiState.ts';
import { ComparisonPageState, type ComparedRun, type FromComparison } from '../../../src/protocol/compare.ts';
import * as v from 'valibot';
import { comparedRun } from './compareFixtures.ts';

function page(stored?: unknown) {
  const host = { sent: [] as FromComparison[], stored, send: (message: FromComparison) => host.sent.push(message) };
  const state = new CompareState(host);
  let sequence = 0;
  const receive = (folders: string[], runs: ComparedRun[], unreadable: { folder: string; message: string }[] = []) =>
    state.receive({ type: 'comparison', sequence: ++sequence, folders, runs, unreadable });
  return { host, state, receive };
}
const runs = (...ids: string[]) => ids.map((folder) => comparedRun({ folder }));
const keys = (state: CompareState) => state.runs.map(({ run, key }) => `${key}=${run.folder}`);

test('every message is acknowledged, and runs without news stay', () => {
  const { host, state, receive } = page();
  receive(['a', 'b'], runs('a', 'b'));
  receive(['a', 'b'], [comparedRun({ folder: 'b', iterations: 200 })]);
  assert.deepEqual(host.sent, [
    { type: 'acknowledge', sequence: 1 },
    { type: 'acknowledge', sequence: 2 },
  ]);
  assert.deepEqual(
    state.runs.map(({ run }) => run.iterations),
    [100, 200],
  );
});

test('a run keeps its mark when another one is removed, also over a reload', () => {
  const { host, state, receive } = page();
  receive(['a', 'b', 'c'], runs('a', 'b', 'c'));
  state.remove('a');
  assert.deepEqual(host.sent.at(-1), { type: 'remove', folder: 'a' });
  assert.deepEqual(keys(state), ['B=b', 'C=c']);
  const again = page(host.stored);
  again.receive(['b', 'c'], runs('b', 'c'));
  assert.deepEqual(keys(again.state), ['B=b', 'C=c']);
});

test('a run that comes takes the first mark that is free', () => {
  assert.deepEqual(assignSlots([null, 'b', 'c'], ['b', 'c', 'd', 'e']).slice(0, 5), ['d', 'b', 'c', 'e', null]);
});

test('what the page keeps tells the host which runs to read after a reload', () => {
  const { host, receive } = page();
  receive(['a', 'b'], runs('a', 'b'));
  const kept = v.parse(ComparisonPageState, host.stored);
  assert.deepEqual('folders' in kept && kept.folders, ['a', 'b']);
  assert.deepEqual(v.parse(ComparisonPageState, { runIds: ['a'] }), { runIds: ['a'] }, 'of an earlier version');
});

test('a run that cannot be read says why until it can be', () => {
  const { state, receive } = page();
  receive(['a', 'b'], runs('a'), [{ folder: 'b', message: 'The folder is gone.' }]);
  assert.deepEqual(state.unreadable, [{ folder: 'b', key: 'B', message: 'The folder is gone.' }]);
  receive(['a', 'b'], runs('b'));
  assert.deepEqual(state.unreadable, []);
  assert.deepEqual(keys(state), ['A=a', 'B=b']);
});

test('a run is hidden and shown again, and one that left is not remembered as hidden', () => {
  const { state, receive } = page();
  receive(['a', 'b'], runs('a', 'b'));
  state.toggle('a');
  assert.deepEqual(
    state.visible.map(({ run }) => run.folder),
    ['b'],
  );
  receive(['b'], []);
  assert.deepEqual(state.ui.hidden, []);
});

test('a run that is hidden is not brought to the fore, which would only fade the others', () => {
  const { state, receive } = page();
  receive(['a', 'b'], runs('a', 'b'));
  state.emphasise('a');
  assert.equal(state.emphasised, 'a');
  state.toggle('a');
  assert.equal(state.emphasised, null);
});

test('the cursor goes when the axis becomes another one', () => {
  const { state } = page();
  state.point({ x: 500, step: 3 });
  state.choose({ x: 'time' });
  assert.deepEqual(state.hover, { x: null, step: 3 });
});

test('a stored state that is not one of ours is not used', () => {
  assert.equal(page({ x: 'altitude' }).state.ui.x, 'iteration');
});
