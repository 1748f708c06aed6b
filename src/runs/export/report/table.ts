import { markup, type Content, type Markup } from './markup.ts';

/** A table with its caption; the first cell of a row names the row. Wide ones are scrolled, not squeezed. */
export function table(caption: string, head: readonly Content[], rows: readonly (readonly Content[])[]): Markup {
  const columns = head.map((name) => markup`<th scope="col">${name}</th>`);
  const lines = rows.map(
    ([name, ...cells]) =>
      markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`,
  );
  return markup`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${columns}</tr></thead><tbody>
${lines}</tbody></table></div>`;
}
