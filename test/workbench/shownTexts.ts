import type { Locator } from 'playwright-core';

/** A text that a person sees or hears. */
export interface ShownText {
  readonly text: string;
  /** Where it stands, for a message: `button.quiet title`. */
  readonly place: string;
}

/** The texts within an element that are on the screen or are read aloud: of elements that can be seen, also what names and explains them. */
export function shownTexts(within: Locator): Promise<ShownText[]> {
  return within.evaluate((root) => {
    const spoken = ['aria-label', 'aria-description', 'title', 'placeholder'];
    const found: { text: string; place: string }[] = [];
    for (const element of [root, ...root.querySelectorAll('*')]) {
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      if (['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
      const place = `${element.tagName.toLowerCase()}${element.className === '' ? '' : `.${String(element.className)}`}`;
      const own = Array.from(element.childNodes, (node) => (node.nodeType === 3 ? (node.nodeValue ?? '') : '')).join(
        ' ',
      );
      if (own.trim() !== '') found.push({ text: own.trim(), place });
      for (const name of spoken) {
        const text = element.getAttribute(name);
        if (text !== null && text !== '') found.push({ text, place: `${place} ${name}` });
      }
    }
    return found;
  });
}

/**
 * Texts within an element that cannot be read to their ends: they are wider than what holds them, which neither scrolls nor ends them with
 * three dots, as is done where there may be more than there is room for.
 */
export function clippedTexts(within: Locator): Promise<string[]> {
  return within.evaluate((root) =>
    [root, ...root.querySelectorAll<HTMLElement>('*')].flatMap((element) => {
      const hasText = Array.from(element.childNodes).some(
        (node) => node.nodeType === 3 && node.nodeValue?.trim() !== '',
      );
      if (!hasText || !element.checkVisibility({ visibilityProperty: true })) return [];
      const { overflowX, textOverflow, position } = getComputedStyle(element);
      // What only a screen reader finds is made small on purpose.
      const isOnlySpoken = position === 'absolute' && element.clientWidth <= 1;
      if (isOnlySpoken || textOverflow === 'ellipsis' || !['hidden', 'clip'].includes(overflowX)) return [];
      return element.scrollWidth > element.clientWidth + 1 ? [`${element.className}: ${element.textContent}`] : [];
    }),
  );
}
