/**
 * As much of a document as the panel needs to build its views in Node: elements that hold their children and attributes, canvases
 * on which nothing shows, and observers that count themselves. There is no `window`, so that Chart.js takes its own way without one.
 */

const nothing = (): void => undefined;

const NOTHING_DRAWN: unknown = new Proxy(
  {},
  {
    get: (drawn: Record<string | symbol, unknown>, name) =>
      name in drawn ? drawn[name] : () => ({ width: 0, data: new Uint8ClampedArray(0), addColorStop: nothing }),
    set: (drawn: Record<string | symbol, unknown>, name, value) => {
      drawn[name] = value;
      return true;
    },
  },
);

class BareElement extends EventTarget {
  readonly dataset: Record<string, string> = {};
  readonly style = { setProperty: nothing, removeProperty: nothing };
  readonly classList = { add: nothing, remove: nothing, toggle: () => false, contains: () => false };
  readonly attributes = new Map<string, string>();
  readonly before = nothing;
  readonly remove = nothing;
  readonly tagName: string;
  childNodes: unknown[] = [];
  #parent: BareElement | undefined;
  hidden = false;
  disabled = false;
  value = '';
  textContent: string | null = '';
  width = 0;
  height = 0;
  clientWidth = 0;
  clientHeight = 0;

  constructor(tagName: string) {
    super();
    this.tagName = tagName;
  }

  get children(): BareElement[] {
    return this.childNodes.filter((child) => child instanceof BareElement);
  }

  get lastElementChild(): BareElement | null {
    return this.children.at(-1) ?? null;
  }

  get firstElementChild(): BareElement | null {
    return this.children[0] ?? null;
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }

  hasAttribute(name: string): boolean {
    return this.attributes.has(name);
  }

  toggleAttribute(name: string, isSet: boolean): void {
    if (isSet) this.attributes.set(name, '');
    else this.attributes.delete(name);
  }

  append(...children: unknown[]): void {
    this.childNodes.push(...this.#adopted(children));
  }

  prepend(...children: unknown[]): void {
    this.childNodes.unshift(...this.#adopted(children));
  }

  appendChild<Child>(child: Child): Child {
    this.append(child);
    return child;
  }

  replaceChildren(...children: unknown[]): void {
    this.childNodes = this.#adopted(children);
  }

  replaceWith(...others: unknown[]): void {
    this.#parent?.childNodes.splice(this.#place, 1, ...this.#parent.#adopted(others));
  }

  after(...others: unknown[]): void {
    this.#parent?.childNodes.splice(this.#place + 1, 0, ...this.#parent.#adopted(others));
  }

  get #place(): number {
    return this.#parent?.childNodes.indexOf(this) ?? -1;
  }

  #adopted(children: unknown[]): unknown[] {
    for (const child of children) if (child instanceof BareElement) child.#parent = this;
    return children;
  }

  contains(): boolean {
    return false;
  }

  querySelector(): null {
    return null;
  }

  querySelectorAll(): never[] {
    return [];
  }

  getBoundingClientRect(): Record<'left' | 'top' | 'width' | 'height', number> {
    return { left: 0, top: 0, width: 0, height: 0 };
  }

  getContext(): unknown {
    return NOTHING_DRAWN;
  }
}

/** What observes at the moment. */
export const observing = new Set<object>();

class CountedObserver {
  observe(): void {
    observing.add(this);
  }

  unobserve(): void {
    observing.delete(this);
  }

  disconnect(): void {
    observing.delete(this);
  }
}

/** A question about the page's size, to which the answer is always no. */
class CountedQuery {
  readonly matches = false;

  addEventListener(): void {
    observing.add(this);
  }

  removeEventListener(): void {
    observing.delete(this);
  }
}

/** Puts the document in place, for the whole process: `global` is its `globalThis`. Returns the element that a page fills. */
export function bareDocument(global: object): HTMLElement {
  const create = (tagName: string): BareElement => new BareElement(tagName);
  Object.assign(global, {
    document: Object.assign(new EventTarget(), {
      createElement: create,
      createElementNS: (_: string, tagName: string) => create(tagName),
      createTextNode: (text: string) => text,
      body: create('body'),
      documentElement: create('html'),
      activeElement: null,
      hidden: false,
    }),
    Node: BareElement,
    Element: BareElement,
    HTMLElement: BareElement,
    devicePixelRatio: 1,
    IntersectionObserver: CountedObserver,
    ResizeObserver: CountedObserver,
    MutationObserver: CountedObserver,
    getComputedStyle: () => ({ color: '#000', fontFamily: 'sans-serif', fontSize: '13px', getPropertyValue: () => '' }),
    matchMedia: () => new CountedQuery(),
    requestAnimationFrame: () => 0,
  });
  return create('main') as unknown as HTMLElement;
}
