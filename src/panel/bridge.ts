import * as v from 'valibot';
import { ToPanel, type FromPanel } from '../protocol/panel.ts';

/** The one object VS Code gives a webview. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The panel's end of the boundary to the host: typed both ways, and checked on arrival. */
export class Bridge {
  readonly #api = acquireVsCodeApi();

  send(message: FromPanel): void {
    this.#api.postMessage(message);
  }

  /** Something went wrong in the panel: the host writes it to its log. */
  report(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.send({ type: 'panelError', message: text.slice(0, 10_000) });
  }

  /** Calls `receive` with every message of the host that is one of ours; `refused` hears of the others. */
  listen(receive: (message: ToPanel) => void, refused: () => void): void {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const parsed = v.safeParse(ToPanel, event.data);
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
