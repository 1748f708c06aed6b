import type * as v from 'valibot';
import type { Disposable } from '../common/disposable.ts';
import { onThemeChange } from './charts/theme.ts';
import { Frames } from './frames.ts';
import { PageBridge } from './pageBridge.ts';
import type { Change } from './state/change.ts';
import type { View } from './views/view.ts';

/** What a page needs of its state. */
interface Observed {
  subscribe(listener: (change: Change) => void): Disposable;
}

/** What a page is made of at a time. */
export interface PageParts {
  /** Brought up to date one after the other. */
  readonly updates: readonly (() => void)[];
  /** The elements of the page, from top to bottom. */
  readonly elements: readonly HTMLElement[];
  /** The views in sight, which show at once what is pointed at. */
  visible(): readonly View[];
  /** What goes on outside of them: listeners, charts, observers. */
  readonly owned: Disposable;
}

/** What the panel and the comparison have in common: the theme, drawing with the browser's frames, and following a state. */
export abstract class Page<Theme> {
  protected readonly root: HTMLElement;
  readonly #readTheme: (root: HTMLElement) => Theme;
  readonly #updates: (() => void)[] = [];
  readonly #frames: Frames;
  #parts: PageParts | undefined;
  #theme: Theme;

  /** @param drawn is called when all parts show the state as it is. */
  constructor(root: HTMLElement, readTheme: (root: HTMLElement) => Theme, drawn?: () => void) {
    this.root = root;
    this.#readTheme = readTheme;
    this.#theme = readTheme(root);
    this.#frames = new Frames(this.#updates, drawn);
  }

  get theme(): Theme {
    return this.#theme;
  }

  requestUpdate(): void {
    this.#frames.request(true);
  }

  /** Changes the state, as soon as no drawing of it is under way. */
  change(change: () => void): void {
    this.#frames.change(change);
  }

  /** Fills the page and draws it; from then on it is another page, and what was there before is no more. */
  protected show(parts: PageParts): void {
    this.#parts?.owned.dispose();
    this.#parts = parts;
    this.#updates.splice(0, this.#updates.length, ...parts.updates);
    this.root.replaceChildren(...parts.elements);
    for (const update of this.#updates) update();
  }

  /** Follows the state, the theme and the size of the page. */
  protected follow(state: Observed): void {
    state.subscribe((change) => {
      if (change === 'hover') for (const view of this.#parts?.visible() ?? []) view.point?.();
      else this.#frames.request(change === 'choice');
    });
    onThemeChange(() => {
      this.#theme = this.#readTheme(this.root);
      this.requestUpdate();
    });
    new ResizeObserver(() => this.requestUpdate()).observe(this.root);
  }
}

/** A page's own part in its conversation with the host. */
interface Conversation<Message> {
  readonly page: Page<unknown>;
  readonly receive: (message: Message) => void;
  /** A message of the host could not be read. */
  readonly refuse: () => void;
  /** Asks the host for all there is to show. */
  readonly ask: () => void;
}

/**
 * Starts a page: what goes wrong in it is reported to the host, whose messages change its state.
 * @param schema of the messages that the host sends.
 * @param begin makes the state and fills the page.
 */
export function startPage<To extends v.GenericSchema, From>(
  schema: To,
  begin: (root: HTMLElement, bridge: PageBridge<To, From>) => Conversation<v.InferOutput<To>>,
): void {
  const bridge = new PageBridge<To, From>(schema);
  window.addEventListener('error', (event) => bridge.report(event.error ?? event.message));
  window.addEventListener('unhandledrejection', (event) => bridge.report(event.reason));
  const root = document.getElementById('panel');
  if (root === null) throw new Error('The page has no element with the id "panel".');
  const { page, receive, refuse, ask } = begin(root, bridge);
  bridge.listen((message) => page.change(() => receive(message)), refuse);
  ask();
}
