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
 * Texts within an element that cannot be read to their ends: they are wider than what holds them or reach beyond the element, and nothing
 * around them scrolls or ends them with three dots, as is done where there may be more than there is room for.
 */
export function clippedTexts(within: Locator): Promise<string[]> {
  return within.evaluate((root) => {
    const right = root.getBoundingClientRect().right + 1;
    const hasRoom = (element: Element): boolean => {
      for (let at: Element | null = element; at !== null && at !== root; at = at.parentElement) {
        const { overflowX, textOverflow, position } = getComputedStyle(at);
        // What only a screen reader finds is made small on purpose.
        if (position === 'absolute' && at.clientWidth <= 1) return true;
        if (textOverflow === 'ellipsis' || ['auto', 'scroll'].includes(overflowX)) return true;
        if (['hidden', 'clip'].includes(overflowX) && at.scrollWidth > at.clientWidth + 1) return false;
      }
      return element.getBoundingClientRect().right <= right;
    };
    return Array.from(root.querySelectorAll('*')).flatMap((element) => {
      const text = Array.from(element.childNodes, (node) =>
        node.nodeType === 3 ? (node.nodeValue ?? '').trim() : '',
      ).join('');
      if (text === '' || !element.checkVisibility({ visibilityProperty: true })) return [];
      return hasRoom(element)
        ? []
        : [`${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}: ${text}`];
    });
  });
}
