import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import {
  DEFAULT_SETTINGS,
  parseSettings,
  settingFromText,
  SETTINGS,
  SETTING_NAMES,
} from '../../../src/protocol/settings.ts';

interface ManifestSetting {
  type: string;
  default: unknown;
  description: string;
  minimum?: number;
  maximum?: number;
  enum?: string[];
  enumDescriptions?: string[];
}
interface Manifest {
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: { configuration: [{ properties: Record<string, ManifestSetting> }, ...unknown[]] };
}
const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as Manifest;

test('the manifest offers exactly the settings of the table, with its types, ranges, defaults and descriptions', () => {
  // The settings of what the editor shows are a section of their own.
  const [{ properties }] = manifest.contributes.configuration;
  assert.deepEqual(
    Object.keys(properties),
    SETTING_NAMES.map((name) => `rnnInspector.${name}`),
  );
  for (const name of SETTING_NAMES) {
    const setting = SETTINGS[name];
    const offered = properties[`rnnInspector.${name}`];
    assert.equal(offered.default, setting.default, name);
    assert.equal(offered.description, setting.description, name);
    if (setting.type === 'choice') {
      assert.deepEqual(offered.enum, setting.choices, name);
      assert.deepEqual(offered.enumDescriptions, setting.choiceDescriptions, name);
    } else {
      assert.deepEqual(
        [offered.type, offered.minimum, offered.maximum],
        [setting.type, setting.minimum, setting.maximum],
      );
    }
  }
});

test('every setting of a workspace is ignored in restricted mode', () => {
  // How runs are kept is a section of its own, with a test of its own.
  const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  assert.deepEqual(
    restricted.filter((name) => !name.startsWith('rnnInspector.runs.')),
    SETTING_NAMES.map((name) => `rnnInspector.${name}`),
  );
});

test('the defaults are within their own ranges', () => {
  assert.deepEqual(parseSettings({ ...DEFAULT_SETTINGS }), DEFAULT_SETTINGS);
});

for (const [name, value, part] of [
  ['hiddenSize', 0, 'hiddenSize is 0; it must be a whole number from 1 to 4096'],
  ['hiddenSize', 12.5, '12.5'],
  ['hiddenSize', '128', '"128"'],
  ['learningRate', NaN, 'null'],
  ['learningRate', -1, '-1'],
  ['optimizer', 'lion', 'it must be one of sgd, momentum, adagrad, rmsprop, adam'],
  ['hidden', 5, 'There is no setting "hidden"'],
  ['__proto__x', 5, 'There is no setting'],
] as const) {
  test(`${name} = ${String(value)} is refused with the value and what is allowed`, () => {
    assert.throws(
      () => parseSettings({ [name]: value }),
      (error: unknown) => error instanceof InputError && error.message.includes(part),
    );
  });
}

test('a setting given as text gets its type, and stays text where it is no number', () => {
  assert.equal(settingFromText('hiddenSize', '64'), 64);
  assert.equal(settingFromText('learningRate', '2e-3'), 0.002);
  assert.equal(settingFromText('optimizer', 'sgd'), 'sgd');
  assert.equal(settingFromText('hiddenSize', 'many'), 'many');
  assert.equal(settingFromText('hiddenSize', ''), '');
  assert.equal(settingFromText('constructor', '1'), '1');
});
