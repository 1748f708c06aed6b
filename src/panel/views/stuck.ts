import type { DisposableStore } from '../../common/disposable.ts';

/** In a lower page the header would take too much of what scrolls under it. */
const HEADER_STICKS = '(min-height: 600px)';

/**
 * Tells the style sheet how high what stays at the top of the page is: the header, where there is room for it, and under it the tabs. What
 * is scrolled to, as by the focus, stops below it.
 */
export function keepAtTheTop(header: HTMLElement, tabs: HTMLElement, owned: DisposableStore): void {
  const sticks = matchMedia(HEADER_STICKS);
  const { style } = document.documentElement;
  const measure = (): void => {
    header.toggleAttribute('data-sticks', sticks.matches);
    const headerHeight = sticks.matches ? header.offsetHeight : 0;
    style.setProperty('--header-height', `${headerHeight}px`);
    style.setProperty('--stuck-height', `${headerHeight + tabs.offsetHeight}px`);
  };
  const observer = new ResizeObserver(measure);
  observer.observe(header);
  observer.observe(tabs);
  sticks.addEventListener('change', measure);
  owned.add({
    dispose: () => {
      observer.disconnect();
      sticks.removeEventListener('change', measure);
    },
  });
}
