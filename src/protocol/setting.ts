import { l10n } from '../common/l10n.ts';
import { InputError } from '../common/inputError.ts';
import { nearest } from './nearest.ts';

/** What a setting may be, how its values are checked, and what the manifest says of it (manifest.ts). */

/** From where VS Code takes a value: the whole machine, a window, or the folder of a file as well. */
export type Scope = 'machine' | 'window' | 'resource';

/** What VS Code's settings editor shows and asks of every setting. */
export interface DescribedSetting {
  readonly description: string;
  /** By default a folder may have a value of its own: `resource`. */
  readonly scope?: Scope;
}
export interface NumberSetting extends DescribedSetting {
  readonly type: 'number' | 'integer';
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}
export interface ChoiceSetting<C extends string = string> extends DescribedSetting {
  readonly type: 'choice';
  readonly default: C;
  readonly choices: readonly C[];
  readonly choiceDescriptions: readonly string[];
}
export interface SwitchSetting extends DescribedSetting {
  readonly type: 'boolean';
  readonly default: boolean;
}
/** The settings whose values are checked; VS Code's own check is enough for a switch. */
export type Setting = NumberSetting | ChoiceSetting;

/** The type of a setting's value. */
export type SettingValue<S extends Setting> = S extends ChoiceSetting<infer C> ? C : number;

/** A setting with the choices in the order in which they are offered, each with its description. */
export function choice<const C extends string>(
  defaultChoice: NoInfer<C>,
  choices: Readonly<Record<C, string>>,
  description: string,
): ChoiceSetting<C> {
  return {
    type: 'choice',
    default: defaultChoice,
    choices: Object.keys(choices) as C[],
    choiceDescriptions: Object.values(choices),
    description,
  };
}

/**
 * A value of unknown origin, once it is one that the setting allows.
 * @param name - what the message calls the setting.
 * @throws {InputError} naming the setting, the value and what is allowed.
 */
export function checkedValue<S extends Setting>(name: string, setting: S, value: unknown): SettingValue<S>;
export function checkedValue(name: string, setting: Setting, value: unknown): string | number {
  const shown = JSON.stringify(value) ?? String(value);
  if (setting.type === 'choice') {
    if (typeof value === 'string' && setting.choices.includes(value)) return value;
    const near = typeof value === 'string' ? nearest(value, setting.choices) : undefined;
    const meant = near === undefined ? '' : ` ${l10n.t('Did you mean {name}?', { name: near })}`;
    const allowed = { name, value: shown, choices: setting.choices.join(', ') };
    throw new InputError(`${l10n.t('{name} is {value}; it must be one of {choices}.', allowed)}${meant}`);
  }
  const inRange = typeof value === 'number' && value >= setting.minimum && value <= setting.maximum;
  if (!inRange || (setting.type === 'integer' && !Number.isInteger(value))) {
    const allowed = { name, value: shown, minimum: setting.minimum, maximum: setting.maximum };
    throw new InputError(
      setting.type === 'integer'
        ? l10n.t('{name} is {value}; it must be a whole number from {minimum} to {maximum}.', allowed)
        : l10n.t('{name} is {value}; it must be a number from {minimum} to {maximum}.', allowed),
    );
  }
  return value;
}
