/** A change of one setting that makes the refused input usable; offered to the person as a button or a hint. */
export interface Remedy {
  readonly setting: string;
  readonly value: string | number;
  /** What the button says, such as "Train on bytes". */
  readonly label: string;
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
