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
      const place = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
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
 * Texts within a page that cannot be read to their ends: they reach beyond the page, or beyond something around them that neither scrolls
 * nor ends them with three dots or fades out, as is done where there may be more than there is room for.
 * @param lines of one line each, as a selector: what does not fit wraps out of sight there as a whole, so that nothing is cut through.
 */
export function clippedTexts(page: Locator, lines = ':not(*)'): Promise<string[]> {
  return page.evaluate((root, oneLine) => {
    const fits = (element: Element, { left, right, top, bottom }: DOMRect): boolean => {
      for (let at: Element | null = element; at !== null && at !== root; at = at.parentElement) {
        const { overflowX, textOverflow, maskImage, position } = getComputedStyle(at);
        // What only a screen reader finds is made small on purpose.
        if (position === 'absolute' && at.clientWidth <= 1) return true;
        if (textOverflow === 'ellipsis' || ['auto', 'scroll'].includes(overflowX)) return true;
        const box = at.getBoundingClientRect();
        if (at.matches(oneLine) && (top >= box.bottom || bottom <= box.top)) return true;
        const isClipped = ['hidden', 'clip'].includes(overflowX);
        if (isClipped && maskImage !== 'none') return true;
        if (isClipped && (right > box.right + 1 || left < box.left - 1)) return false;
      }
      return left >= 0 && right <= document.documentElement.clientWidth + 1;
    };
    return Array.from(root.querySelectorAll('*')).flatMap((element) =>
      Array.from(element.childNodes).flatMap((node) => {
        const text = node.nodeType === 3 ? (node.nodeValue ?? '').trim() : '';
        if (text === '' || !element.checkVisibility({ visibilityProperty: true })) return [];
        const range = document.createRange();
        range.selectNodeContents(node);
        // The box of its element may be narrower.
        const isShown = Array.from(range.getClientRects()).every((line) => fits(element, line));
        return isShown ? [] : [`${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}: ${text}`];
      }),
    );
  }, lines);
}
