import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { suite, test } from 'node:test';
import { shownManifest } from '../../packageJson.ts';

interface MenuItem {
  command: string;
  when: string;
  group: string;
}
interface Manifest {
  contributes: {
    commands: { command: string; icon: string }[];
    menus: Record<string, MenuItem[]>;
    keybindings: { command: string; key: string; when: string }[];
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    views: Record<string, { id: string; name: string }[]>;
    viewsWelcome: { view: string; contents: string }[];
  };
}
const root = new URL('../../../', import.meta.url);
const { contributes } = shownManifest() as Manifest;
const VIEW = 'rnnInspector.runs';

/** The commands that a menu of the view offers where its words are these. */
function offered(contextValue: string, group: RegExp, isMulti = false): string[] {
  return contributes.menus['view/item/context']
    .filter((item) => group.test(item.group) && holds(item.when, contextValue, isMulti))
    .map(({ command }) => command.replace(`${VIEW}.`, ''));
}

/** Evaluates the `when` clauses of the view: conjunctions of a few kinds of conditions. */
function holds(when: string, viewItem: string, isMulti: boolean): boolean {
  return when.split(' && ').every((condition) => {
    const match = /^viewItem =~ \/(.*)\/$/.exec(condition);
    if (match !== null) return new RegExp(match[1]).test(viewItem);
    if (condition === `view == ${VIEW}`) return true;
    if (condition === 'listMultiSelection') return isMulti;
    if (condition === '!listMultiSelection') return !isMulti;
    if (condition === '!isWeb' || condition === '!remoteName') return true;
    return assert.fail(`${condition} is not known to this test`);
  });
}

suite('the manifest', () => {
  test('has the view of runs in the activity bar, with a way on where it is empty', () => {
    const [container] = contributes.viewsContainers.activitybar;
    assert.ok(existsSync(new URL(container.icon, root)), container.icon);
    assert.deepEqual(
      contributes.views[container.id].map(({ id, name }) => [id, name]),
      [[VIEW, 'RNN Runs']],
    );
    const [{ view, contents }] = contributes.viewsWelcome;
    assert.equal(view, VIEW);
    assert.match(contents, /\[Train RNN on file\]\(command:rnnInspector\.train\)/);
  });

  test('offers for each kind of run what can be done with it', () => {
    const menu = /^[1-9]/;
    assert.deepEqual(offered('file', /./), []);
    assert.deepEqual(offered('run damaged', /./), ['reveal', 'copyPath', 'delete']);
    assert.deepEqual(offered('run readable stopped resumable forkable unpinned', menu), [
      ...['open', 'resume', 'fork', 'sample', 'export', 'rename', 'pin', 'reveal', 'copyPath', 'delete'],
    ]);
    assert.deepEqual(offered('run readable finished forkable pinned', menu), [
      ...['open', 'fork', 'sample', 'export', 'rename', 'unpin', 'reveal', 'copyPath', 'delete'],
    ]);
    assert.deepEqual(offered('run readable elsewhere forkable foreign', menu), [
      ...['open', 'takeOver', 'fork', 'sample', 'export', 'reveal', 'copyPath'],
    ]);
    assert.deepEqual(offered('run readable stopped resumable forkable unpinned', /^inline/), ['resume', 'pin']);
    assert.deepEqual(offered('run readable finished forkable pinned', /^inline/), ['unpin']);
    assert.deepEqual(offered('run readable finished forkable unpinned', menu, true), ['compare', 'pin', 'delete']);
  });

  test('names only commands that it has, in the menus and for the keys of the view', () => {
    const commands = new Set(contributes.commands.map(({ command }) => command));
    const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
    assert.deepEqual(
      named.filter(({ command }) => !commands.has(command)),
      [],
    );
    assert.deepEqual(
      contributes.keybindings.map(({ command, key, when }) => [command, key, when]),
      [
        [`${VIEW}.delete`, 'delete', `focusedView == ${VIEW} && !inputFocus`],
        [`${VIEW}.rename`, 'f2', `focusedView == ${VIEW} && !inputFocus`],
      ],
    );
  });
});
