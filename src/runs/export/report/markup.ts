import { visibleSymbol } from '../../../common/written.ts';

/** HTML that is known to be right; every plain string that gets into it is escaped. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type Content = Markup | string | number | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Control characters, invisible ones, halves of pairs and those that turn the direction of what follows. */
const UNSEEN = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu;

/** A template whose values are escaped unless they are markup themselves, inside elements and quoted attributes alike. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.map((part, i) => (i === 0 ? part : sourceOf(values[i - 1]) + part)).join(''));
}

/** Text as it may stand in HTML: nothing in it is a tag or an entity, and what would not be seen is written out. */
function escaped(text: string): string {
  return text.replaceAll(UNSEEN, visibleSymbol).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** Text from a file or a person: its direction must not reach what stands around it. */
export function foreign(text: string): Markup {
  return markup`<bdi>${text}</bdi>`;
}

function sourceOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.source;
  if (typeof content === 'object') return content.map(sourceOf).join('');
  return escaped(String(content));
}
