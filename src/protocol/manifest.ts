import { FEATURES } from './editorSettings.ts';
import { RUNS_SETTINGS } from './runsSettings.ts';
import type { Setting, SwitchSetting } from './setting.ts';
import { SETTINGS } from './settings.ts';

/**
 * What package.json says of the settings, and package.nls.json in English, made from their tables: `npm run manifest` writes it, a test
 * holds it.
 */

interface Section {
  /** A name, or the key of one that is translated. */
  readonly title: string;
  /** Before the name of each setting. */
  readonly prefix: string;
  readonly settings: Readonly<Record<string, Setting | SwitchSetting>>;
  /** Whether a workspace that is not trusted has no say in these settings. */
  readonly isRestricted: boolean;
}

/** Before the key of every text that is made here; all other texts of package.nls.json are written by hand. */
const KEY = 'settings';
const TITLES = { [`${KEY}.title.editor`]: 'In the editor', [`${KEY}.title.runs`]: 'Runs' };

const SECTIONS: readonly Section[] = [
  { title: 'RNN Gradient Inspector', prefix: 'rnnInspector', settings: SETTINGS, isRestricted: true },
  { title: `%${KEY}.title.editor%`, prefix: 'rnnInspector.editor', settings: FEATURES, isRestricted: false },
  { title: `%${KEY}.title.runs%`, prefix: 'rnnInspector.runs', settings: RUNS_SETTINGS, isRestricted: true },
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

/**
 * A package.nls.json with the texts of the settings after those that are written by hand.
 * @param text - of a package.nls.json.
 */
export function withSettingTexts(text: string): string {
  const all = Object.entries(JSON.parse(text) as Record<string, string>);
  const byHand = all.filter(([key]) => !key.startsWith(`${KEY}.`));
  const generated = { ...Object.fromEntries(byHand), ...TITLES, ...Object.fromEntries(SECTIONS.flatMap(textsOf)) };
  return `${JSON.stringify(generated, null, 2)}\n`;
}

/** The descriptions of a section's settings and of their choices, by their keys. */
function textsOf(section: Section): [string, string][] {
  const names = fullNames(section);
  return Object.values(section.settings).flatMap((setting, at): [string, string][] => {
    const described: [string, string] = [keyOf(names[at]), setting.description];
    if (setting.type !== 'choice') return [described];
    const { choices, choiceDescriptions } = setting;
    return [
      described,
      ...choices.map((choice, i): [string, string] => [keyOf(names[at], choice), choiceDescriptions[i]]),
    ];
  });
}

/** Of the setting with this full name, or of one of its choices. */
function keyOf(name: string, ...choice: readonly string[]): string {
  return [KEY, name.replace(/^rnnInspector\./, ''), ...choice].join('.');
}

function fullNames({ prefix, settings }: Section): string[] {
  return Object.keys(settings).map((name) => `${prefix}.${name}`);
}

function configurationOf(section: Section): object {
  const names = fullNames(section);
  const properties = Object.values(section.settings).map((setting, order) => {
    const name = names[order];
    return [name, property(name, setting, order)];
  });
  return { title: section.title, properties: Object.fromEntries(properties) as object };
}

/** A setting as VS Code wants it described; the settings editor shows a section in the order of its table. */
function property(name: string, setting: Setting | SwitchSetting, order: number): object {
  const { default: byDefault, scope = 'resource' } = setting;
  return { ...valuesOf(name, setting), default: byDefault, description: `%${keyOf(name)}%`, scope, order };
}

/** The type, and which values of it are allowed. */
function valuesOf(name: string, setting: Setting | SwitchSetting): object {
  switch (setting.type) {
    case 'choice': {
      const enumDescriptions = setting.choices.map((choice) => `%${keyOf(name, choice)}%`);
      return { type: 'string', enum: setting.choices, enumDescriptions };
    }
    case 'number':
    case 'integer':
      return { type: setting.type, minimum: setting.minimum, maximum: setting.maximum };
    case 'boolean':
      return { type: setting.type };
    default:
      return setting satisfies never;
  }
}
