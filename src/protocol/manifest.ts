import { FEATURES } from './editorSettings.ts';
import { RUNS_SETTINGS } from './runsSettings.ts';
import type { Setting, SwitchSetting } from './setting.ts';
import { SETTINGS } from './settings.ts';

/** What package.json says of the settings, made from their tables: `npm run manifest` writes it, a test holds it. */

interface Section {
  readonly title: string;
  /** Before the name of each setting. */
  readonly prefix: string;
  readonly settings: Readonly<Record<string, Setting | SwitchSetting>>;
  /** Whether a workspace that is not trusted has no say in these settings. */
  readonly isRestricted: boolean;
}

const SECTIONS: readonly Section[] = [
  { title: 'RNN Gradient Inspector', prefix: 'rnnInspector', settings: SETTINGS, isRestricted: true },
  { title: 'In the editor', prefix: 'rnnInspector.editor', settings: FEATURES, isRestricted: false },
  { title: 'Runs', prefix: 'rnnInspector.runs', settings: RUNS_SETTINGS, isRestricted: true },
];

interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: object };
  readonly contributes: object;
}

/**
 * A package.json with the settings of the tables in place of its own, all else as it is.
 * @param text - of a package.json that already has both places: `contributes.configuration` and
 * `capabilities.untrustedWorkspaces.restrictedConfigurations`.
 * @returns it as Prettier formats a package.json.
 */
export function withSettings(text: string): string {
  const manifest = JSON.parse(text) as Manifest;
  const { capabilities, contributes } = manifest;
  const generated = {
    ...manifest,
    capabilities: {
      ...capabilities,
      untrustedWorkspaces: {
        ...capabilities.untrustedWorkspaces,
        restrictedConfigurations: SECTIONS.filter(({ isRestricted }) => isRestricted).flatMap(fullNames),
      },
    },
    contributes: { ...contributes, configuration: SECTIONS.map(configurationOf) },
  };
  return `${JSON.stringify(generated, null, 2)}\n`;
}

function fullNames({ prefix, settings }: Section): string[] {
  return Object.keys(settings).map((name) => `${prefix}.${name}`);
}

function configurationOf(section: Section): object {
  const names = fullNames(section);
  const properties = Object.values(section.settings).map((setting, order) => [names[order], property(setting, order)]);
  return { title: section.title, properties: Object.fromEntries(properties) as object };
}

/** A setting as VS Code wants it described; the settings editor shows a section in the order of its table. */
function property(setting: Setting | SwitchSetting, order: number): object {
  const { default: byDefault, description, scope = 'resource' } = setting;
  return { ...valuesOf(setting), default: byDefault, description, scope, order };
}

/** The type, and which values of it are allowed. */
function valuesOf(setting: Setting | SwitchSetting): object {
  switch (setting.type) {
    case 'choice':
      return { type: 'string', enum: setting.choices, enumDescriptions: setting.choiceDescriptions };
    case 'number':
    case 'integer':
      return { type: setting.type, minimum: setting.minimum, maximum: setting.maximum };
    case 'boolean':
      return { type: setting.type };
    default:
      return setting satisfies never;
  }
}
