import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { withSettings } from '../../../src/protocol/manifest.ts';

interface Manifest {
  name: string;
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: unknown[];
    configuration: { title: string; properties: Record<string, { scope: string }> }[];
  };
}
const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
const { contributes, capabilities } = JSON.parse(text) as Manifest;

test('package.json holds the settings of the tables', () => {
  assert.equal(withSettings(text), text, 'run npm run manifest');
});

test('settings that are out of date are replaced where they stand, and nothing else changes', () => {
  const stale = JSON.parse(text) as Manifest;
  stale.capabilities.untrustedWorkspaces.restrictedConfigurations = ['rnnInspector.gone'];
  stale.contributes.configuration = [{ title: 'Gone', properties: { 'rnnInspector.gone': { scope: 'window' } } }];
  stale.contributes.commands = [];
  stale.name = 'another';
  const expected = {
    ...(JSON.parse(text) as Manifest),
    name: 'another',
    contributes: { ...contributes, commands: [] },
  };
  assert.equal(withSettings(JSON.stringify(stale)), `${JSON.stringify(expected, null, 2)}\n`);
});

test('a workspace that is not trusted has a say in what the editor shows, and in nothing else', () => {
  const names = contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
  assert.deepEqual(
    names.filter((name) => !capabilities.untrustedWorkspaces.restrictedConfigurations.includes(name)),
    names.filter((name) => name.startsWith('rnnInspector.editor.')),
  );
});

test('no workspace at all decides how many runs are kept', () => {
  const properties = Object.assign({}, ...contributes.configuration.map((section) => section.properties)) as Record<
    string,
    { scope: string }
  >;
  assert.equal(properties['rnnInspector.runs.maxSizeMB'].scope, 'machine');
});
