import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import {
  DEFAULT_LOCATION,
  parseRunsSettings,
  RUN_LOCATIONS,
  RUNS_NUMBERS,
  RUNS_SETTING_NAMES,
} from '../../../src/host/runs/runsSettings.ts';
import { InputError } from '../../../src/common/inputError.ts';

interface Setting {
  type: string;
  default: unknown;
  scope: string;
  minimum?: number;
  maximum?: number;
  enum?: string[];
  enumDescriptions?: string[];
}
interface MenuItem {
  command: string;
  when: string;
  group: string;
}
interface Manifest {
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; icon: string }[];
    menus: Record<string, MenuItem[]>;
    keybindings: { command: string; key: string; when: string }[];
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    views: Record<string, { id: string; name: string }[]>;
    viewsWelcome: { view: string; contents: string }[];
    configuration: { title: string; properties: Record<string, Setting> }[];
  };
}
const root = new URL('../../../', import.meta.url);
const { capabilities, contributes } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Manifest;
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
  test('offers exactly the settings of runs that are read, with their ranges and defaults', () => {
    const section = contributes.configuration.find(({ title }) => title === 'Runs');
    assert.ok(section);
    assert.deepEqual(
      Object.keys(section.properties),
      RUNS_SETTING_NAMES.map((name) => `${VIEW}.${name}`),
    );
    for (const [name, { default: byDefault, minimum, maximum }] of Object.entries(RUNS_NUMBERS)) {
      const setting: Setting = section.properties[`${VIEW}.${name}`];
      assert.deepEqual(
        [setting.type, setting.default, setting.minimum, setting.maximum],
        ['integer', byDefault, minimum, maximum],
        name,
      );
    }
    const location = section.properties[`${VIEW}.location`];
    assert.deepEqual([location.enum, location.default], [RUN_LOCATIONS, DEFAULT_LOCATION]);
    assert.equal(location.enumDescriptions?.length, RUN_LOCATIONS.length);
  });

  test('lets no workspace that is not trusted decide where runs are kept, and no workspace at all how many', () => {
    const restricted = capabilities.untrustedWorkspaces.restrictedConfigurations;
    for (const name of RUNS_SETTING_NAMES) assert.ok(restricted.includes(`${VIEW}.${name}`), name);
    const section = contributes.configuration.find(({ title }) => title === 'Runs');
    assert.equal(section?.properties[`${VIEW}.maxSizeMB`].scope, 'machine');
  });

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
      ...['open', 'fork', 'sample', 'export', 'reveal', 'copyPath'],
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

suite('the settings of runs', () => {
  test('are the defaults where nothing is set', () => {
    assert.deepEqual(parseRunsSettings({}), {
      location: 'extension',
      checkpointSeconds: 30,
      maxBytes: 2048 * 1024 * 1024,
      keepTextBytes: 16 * 1024 * 1024,
    });
    assert.equal(parseRunsSettings({ keepTextMB: 0 }).keepTextBytes, 0);
  });

  test('are refused with the value and what is allowed', () => {
    const wrong: [string, unknown, RegExp][] = [
      ['location', 'cloud', /location is "cloud"; it must be one of extension, workspace/],
      ['checkpointSeconds', 0, /checkpointSeconds is 0; it must be a whole number from 1 to 3600/],
      ['maxSizeMB', '10', /maxSizeMB is "10"/],
      ['keepTextMB', 1.5, /keepTextMB is 1\.5/],
      ['maxSizeMB', NaN, /maxSizeMB is null/],
    ];
    for (const [name, value, message] of wrong) {
      assert.throws(
        () => parseRunsSettings({ [name]: value }),
        (error: unknown) => error instanceof InputError && message.test(error.message),
      );
    }
  });
});
