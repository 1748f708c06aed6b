import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { manifestTexts } from '../packageJson.ts';
import { pseudoText } from '../pseudoLocale.ts';
import { extensionId, projectRoot } from './paths.ts';

/** VS Code's own name of a language that nobody speaks: English with accents, longer, and in brackets. */
export const PSEUDO = 'qps-ploc';

/** Another language than English, as a window has it. */
export interface Language {
  readonly id: string;
  /** The texts of the manifest in it, by their keys. */
  readonly texts: Readonly<Record<string, string>>;
}

/** A language by its name in `package.nls.LANGUAGE.json`, or the pseudo-locale. */
export function languageOf(id: string): Language {
  return { id, texts: id === PSEUDO ? pseudoTexts(manifestTexts()) : manifestTexts(id) };
}

function pseudoTexts(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, pseudoText(text)]));
}

/** A command as the palette shows it: `RNN Inspector: Pause`. */
export function paletteTitle(name: string, texts: Readonly<Record<string, string>> = manifestTexts()): string {
  return `RNN Inspector: ${texts[`command.${name}`]}`;
}

/**
 * Puts the window into a language as far as extensions are concerned: VS Code chooses their texts by this variable, which its language
 * packs set. Its own texts stay English.
 */
export async function speak(page: Page, language: Language, extensionsFolder: string): Promise<void> {
  if (language.id === PSEUDO) writePseudoLocale(extensionsFolder);
  await page.addInitScript((id) => {
    Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', {
      get: () => id,
      set: () => {
        // What the server would set is English.
      },
    });
  }, language.id);
}

/** Gives the installed extension one more language, as a translator would, beside those that it has. */
function writePseudoLocale(extensionsFolder: string): void {
  const installed = readdirSync(extensionsFolder).find((name) => name.startsWith(extensionId));
  if (installed === undefined) throw new Error(`${extensionId} is not installed in ${extensionsFolder}.`);
  const english = JSON.parse(readFileSync(join(projectRoot, 'l10n', 'bundle.l10n.json'), 'utf8')) as Record<
    string,
    string
  >;
  const write = (path: string, texts: Record<string, string>): void =>
    writeFileSync(join(extensionsFolder, installed, path), JSON.stringify(pseudoTexts(texts)));
  write(`package.nls.${PSEUDO}.json`, manifestTexts());
  write(join('l10n', `bundle.l10n.${PSEUDO}.json`), english);
}
