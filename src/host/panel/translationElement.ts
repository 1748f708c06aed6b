import type { Translation } from '../../common/l10n.ts';

/** The translation, for a page to read (`panel/translated.ts`): as data, and without a sign that could end its element; nothing without one. */
export function translationElement(translation: Translation | undefined, nonce: string): string {
  if (translation === undefined) return '';
  const json = JSON.stringify(translation).replaceAll('<', String.raw`\u003c`);
  return `\n    <script type="application/json" id="translation" nonce="${nonce}">${json}</script>`;
}
