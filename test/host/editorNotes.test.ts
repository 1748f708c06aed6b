import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ShadingHint } from '../../src/host/editor/shadingHint.ts';
import { TextNotes } from '../../src/host/editor/textNotes.ts';
import { freshEditor, next, settled } from './editorScene.ts';

/** What VS Code remembers, for one test. */
class Memory implements vscode.Memento {
  readonly #kept = new Map<string, unknown>();
  keys = (): string[] => [...this.#kept.keys()];
  get = (key: string): undefined => this.#kept.get(key) as undefined;
  update = (key: string, value: unknown): Promise<void> => Promise.resolve(void this.#kept.set(key, value));
}

suite('what stands above the text of a run', () => {
  const scene = freshEditor();

  function notes(remembered: vscode.Memento, turnOff: () => void = () => undefined) {
    const { owned, runs, settings, shading, document } = scene();
    const hint = owned.add(new ShadingHint(remembered, turnOff));
    const shown = owned.add(new TextNotes(runs, settings, shading, hint));
    const titles = (): (string | undefined)[] => shown.provideCodeLenses(document).map(({ command }) => command?.title);
    return { hint, shown, titles };
  }
  const HINT = ['RNN: shade = surprise (loss)', 'Got it', 'Turn off shading'];

  test('is what the shades are as soon as there are any, until the person got it, in every window', async () => {
    const { owned, runs, study } = scene();
    const remembered = new Memory();
    const { hint, shown, titles } = notes(remembered);
    assert.deepEqual(titles(), []);
    const shaded = next(shown.onDidChangeCodeLenses, () => titles().length > 0);
    owned.add(runs.add(study));
    await shaded;
    assert.deepEqual(titles(), HINT);
    const taken = next(shown.onDidChangeCodeLenses);
    await hint.take();
    await taken;
    assert.deepEqual([titles(), notes(remembered).titles()], [[], []]);
  });

  test('goes with the shades that a person turns off there', async () => {
    const { owned, runs, study } = scene();
    let turnedOff = 0;
    const { hint, shown, titles } = notes(new Memory(), () => turnedOff++);
    const shaded = next(shown.onDidChangeCodeLenses, () => titles().length > 0);
    owned.add(runs.add(study));
    await shaded;
    await hint.turnOff();
    assert.deepEqual([turnedOff, titles()], [1, []]);
  });

  test('is why there are no shades in a text that changed, and no part of the text', async () => {
    const { owned, runs, study, document, editor } = scene();
    const { hint, titles } = notes(new Memory());
    await hint.take();
    owned.add(runs.add(study));
    await study.question(undefined, 0);
    await settled();
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'x'));
    assert.deepEqual(titles(), ['RNN: loss shading is off: the file changed since the run began']);
    await vscode.commands.executeCommand('undo');
    assert.deepEqual([titles(), document.lineAt(0).text.startsWith('line 0')], [[], true]);
  });
});
