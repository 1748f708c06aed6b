import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Event, TreeViewSelectionChangeEvent } from 'vscode';
import { type Node, nodesOf, type RunNode } from '../../../src/host/runsView/runNodes.ts';
import { RunSelection } from '../../../src/host/runsView/runSelection.ts';
import { RunLibrary } from '../../../src/runs/disk/library.ts';
import { storedRun, summaryOf } from './runsFixtures.ts';

const LIBRARY = new RunLibrary('/runs', { trashRecords: '/records' });

/** A view as VS Code's, whose nodes are made anew with every reading. */
class View {
  visible = true;
  selection: readonly Node[] = [];
  runs: readonly RunNode[] = [];
  #listener: (event: TreeViewSelectionChangeEvent<Node>) => void = () => undefined;

  readonly onDidChangeSelection: Event<TreeViewSelectionChangeEvent<Node>> = (listener) => {
    this.#listener = listener;
    return { dispose: () => undefined };
  };

  read(...runIds: readonly string[]): void {
    const files = nodesOf([{ library: LIBRARY, summaries: runIds.map((runId) => summaryOf(storedRun({ runId }))) }]);
    this.runs = files.flatMap(({ runs }) => runs);
  }

  select(...runIds: readonly string[]): void {
    this.selection = this.runs.filter(({ summary }) => runIds.includes(summary.runId));
    this.#listener({ selection: this.selection });
  }
}

function scene(): { view: View; selected: () => readonly string[]; selection: RunSelection } {
  const view = new View();
  view.read('one', 'two', 'three');
  const selection = new RunSelection(view, () => view.runs);
  return { view, selection, selected: () => selection.runs.map(({ summary }) => summary.runId) };
}

test('while VS Code reads the view anew, what is selected on the screen is', () => {
  const { view, selection, selected } = scene();
  view.select('one', 'three');
  assert.deepEqual(selected(), ['one', 'three']);
  view.selection = [];
  view.read('one', 'two', 'three');
  assert.deepEqual(selected(), ['one', 'three']);
  assert.ok(
    selection.runs.every((run) => view.runs.includes(run)),
    'the nodes as they are now',
  );
});

test('what a person takes out of the selection is out of it', () => {
  const { view, selected } = scene();
  view.select('two');
  view.select();
  assert.deepEqual(selected(), []);
});

test('a run that is gone is selected no more, and none in a view that is not on the screen', () => {
  const { view, selected } = scene();
  view.select('one', 'two');
  view.selection = [];
  view.read('two', 'three');
  assert.deepEqual(selected(), ['two']);
  view.visible = false;
  assert.deepEqual(selected(), []);
});

suite('of a click that VS Code tells of during a reading', () => {
  const clicked = (view: View): readonly Node[] => view.runs.filter(({ summary }) => summary.runId === 'two');

  test('the run is known after it', () => {
    const { view, selected } = scene();
    view.select();
    view.selection = clicked(view);
    assert.deepEqual(selected(), ['two']);
  });

  test('a key waits for it', async () => {
    const { view, selection } = scene();
    view.select();
    const known = selection.known();
    view.selection = clicked(view);
    assert.deepEqual(await known, clicked(view));
  });

  test('a key is not for what is selected meanwhile', async () => {
    const { view, selection } = scene();
    view.select();
    const known = selection.known();
    view.select('three');
    assert.deepEqual(await known, []);
  });

  test('a key does not wait for ever, nor before anything was clicked on', async () => {
    const { view, selection } = scene();
    assert.deepEqual(await selection.known(), []);
    view.select();
    assert.deepEqual(await selection.known(), []);
  });
});
