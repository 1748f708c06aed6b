import type { Session } from '../workbench/session.ts';

/** What the Tab key stops at in the panel. */
export interface TabStop {
  /** By which a person would know it. */
  readonly name: string;
  /** Of its box, in CSS pixels of the page. */
  readonly width: number;
  readonly height: number;
  /** Whether the middle of it, or of the part of it that is in sight, is in the window and not under something else. */
  readonly isInSight: boolean;
  /** Whether it looks otherwise than without the focus. */
  readonly isMarked: boolean;
}

/** Runs in the page: what has the focus, through shadow roots; undefined where nothing of the page has it. */
async function focusedNow(): Promise<(TabStop & { readonly id: number }) | undefined> {
  let focused = document.activeElement;
  if (focused === null || focused === document.body) return undefined;
  while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  const host = focused.getRootNode() instanceof ShadowRoot ? (focused.getRootNode() as ShadowRoot).host : focused;
  const stops = ((globalThis as { stops?: Map<Element, number> }).stops ??= new Map());
  const id = stops.get(focused) ?? stops.size;
  stops.set(focused, id);
  // What has just come into sight above it may move it on with the next frame.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const { left, top, right, bottom, width, height } = focused.getBoundingClientRect();
  const [x0, x1] = [Math.max(0, left), Math.min(innerWidth, right)];
  const [y0, y1] = [Math.max(0, top), Math.min(innerHeight, bottom)];
  const hit = x1 > x0 && y1 > y0 ? document.elementFromPoint((x0 + x1) / 2, (y0 + y1) / 2) : null;
  const isInSight = hit !== null && (host.contains(hit) || hit.contains(host));
  const looks = (element: Element): string => {
    const { outlineStyle, outlineWidth, outlineColor, borderColor, backgroundColor, boxShadow } =
      getComputedStyle(element);
    return [outlineStyle, outlineWidth, outlineColor, borderColor, backgroundColor, boxShadow].join();
  };
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const hasRing = outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
  const chain: Element[] = [];
  for (let at: Element | null = focused; at !== null && chain.length < 3; at = at.parentElement) chain.push(at);
  const before = chain.map(looks);
  let isMarked = hasRing;
  if (!hasRing) {
    (focused as HTMLElement).blur();
    // Elements of their own look otherwise with the next frame.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    isMarked = chain.some((element, index) => looks(element) !== before[index]);
    (focused as HTMLElement).focus();
  }
  const name =
    host.getAttribute('data-testid') ??
    host.getAttribute('aria-label') ??
    `${host.localName}.${host.className} "${(host.textContent ?? '').trim().slice(0, 40)}"`;
  return { id, name, width, height, isInSight, isMarked };
}

/** Those of them that nobody could use: without a box, out of sight or covered, or looking as without the focus. */
export function uselessStops(stops: readonly TabStop[]): TabStop[] {
  return stops.filter(({ width, height, isInSight, isMarked }) => width < 4 || height < 4 || !isInSight || !isMarked);
}

/** More stops than any tab has. */
const MOST_STOPS = 600;

/** Presses Tab from an element of the panel on, until the focus leaves the page or comes round; returns the stops after it. */
export async function tabStopsFrom(
  session: Session,
  testId: string,
  key: 'Tab' | 'Shift+Tab' = 'Tab',
): Promise<TabStop[]> {
  const { panel, window } = session;
  await panel.testId(testId).focus();
  const body = panel.frame.locator('body');
  const seen = new Set<number>();
  const first = await body.evaluate(focusedNow);
  if (first !== undefined) seen.add(first.id);
  const stops: TabStop[] = [];
  while (stops.length < MOST_STOPS) {
    await window.page.keyboard.press(key);
    const now = await body.evaluate(focusedNow);
    if (now === undefined || seen.has(now.id)) return stops;
    const { id, ...stop } = now;
    seen.add(id);
    stops.push(stop);
  }
  throw new Error(
    `The Tab key does not leave the page: ${stops
      .slice(-5)
      .map(({ name }) => name)
      .join(', ')}`,
  );
}
