import { readFileSync } from 'node:fs';

/** The project's files about the extension itself, for tests. */

export function projectText(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
}

/** The texts of package.json by their keys, in English or in another language. */
export function manifestTexts(language?: string): Record<string, string> {
  const name = language === undefined ? 'package.nls.json' : `package.nls.${language}.json`;
  return JSON.parse(projectText(name)) as Record<string, string>;
}

/** package.json as VS Code shows it to a person: with its texts in place of their keys. */
export function shownManifest(): unknown {
  const texts = manifestTexts();
  return JSON.parse(projectText('package.json'), (_name, value: unknown) => {
    const [, key] = (typeof value === 'string' ? /^%(.+)%$/.exec(value) : null) ?? [];
    return key === undefined ? value : texts[key];
  });
}
