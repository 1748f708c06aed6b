/**
 * What people read, in their language. The English text is the key, as in VS Code's own l10n; its translations stand in `l10n/`.
 *
 * What starts a program or a page says once, before anything else is loaded, which translation it has (`useTranslation`), so that
 * tables of words may be constants. Without one, as in the terminal, everything stays English.
 */

/** The translated texts by their English ones, and the language that they are in, such as `de`. */
export interface Translation {
  readonly language: string;
  readonly texts: Readonly<Record<string, string>>;
}

/** The names in braces: of `{count} runs of {place}` they are `count` and `place`. */
type Placeholders<M extends string> = M extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
/** A value for each name in braces, and nothing where there is none. */
type Values<M extends string> = [Placeholders<M>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholders<M>, string | number>>];

let translation: Translation | undefined;

/** From now on every text is in this translation, and those that it lacks in English. */
export function useTranslation(chosen: Translation | undefined): void {
  translation = chosen;
}

export const l10n = {
  /**
   * A text in the person's language.
   * @param message - in English, written out where it is called, since `npm run l10n` collects it from there.
   * @param values - for the names in braces. What they hold is shown as it is: braces in it mean nothing.
   */
  t<const M extends string>(message: M, ...values: Values<M>): string {
    const text = translation?.texts[message] ?? message;
    const [byName] = values as readonly [byName?: Readonly<Record<string, string | number>>];
    return byName === undefined ? text : filled(text, byName);
  },

  /** The language that texts are in, for dates and the like; of a person whose language has no translation it is English. */
  get language(): string {
    return translation?.language ?? 'en';
  },

  /** For other threads and for pages, which have texts of their own. */
  get translation(): Translation | undefined {
    return translation;
  },
};

function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{([^{}]+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}
