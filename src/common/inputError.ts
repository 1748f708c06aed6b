/** A change of settings that makes the refused input usable; offered to the person as a button or a hint. */
export interface Remedy {
  readonly setting: string;
  readonly value: string | number;
  /** A second one, where the first alone is not enough. */
  readonly also?: Pick<Remedy, 'setting' | 'value'> | undefined;
  /** What the button says, such as "Train on bytes". */
  readonly label: string;
}

/** What a remedy changes: each setting with its value. */
export function settingsOf({ setting, value, also }: Remedy): [string, string | number][] {
  return [[setting, value], ...(also === undefined ? [] : [[also.setting, also.value] as [string, string | number]])];
}

/** Input that cannot be used. The message names what is wrong, the value, and the way out; it is shown as it is. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly remedy: Remedy | undefined;

  constructor(message: string, remedy?: Remedy) {
    super(message);
    this.remedy = remedy;
  }
}
