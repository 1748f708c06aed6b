import * as v from 'valibot';

/** The one object VS Code gives a webview. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

interface PanelError {
  readonly type: 'panelError';
  readonly message: string;
}

/** A page's end of its boundary to the host: typed both ways, and checked on arrival. */
export class PageBridge<To extends v.GenericSchema, From> {
  readonly #api = acquireVsCodeApi();
  readonly #schema: To;

  /** @param schema of the messages that the host sends. */
  constructor(schema: To) {
    this.#schema = schema;
  }

  send(message: From | PanelError): void {
    this.#api.postMessage(message);
  }

  /** Something went wrong in the page: the host writes it to its log. */
  report(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.send({ type: 'panelError', message: text.slice(0, 10_000) });
  }

  /** Calls `receive` with every message of the host that is one of ours; `refused` hears of the others. */
  listen(receive: (message: v.InferOutput<To>) => void, refused: () => void): void {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const parsed = v.safeParse(this.#schema, event.data);
      if (parsed.success) {
        receive(parsed.output);
        return;
      }
      this.report(`A message to the panel was refused: ${v.summarize(parsed.issues)}`);
      refused();
    });
  }

  get stored(): unknown {
    return this.#api.getState();
  }

  set stored(state: unknown) {
    this.#api.setState(state);
  }
}
