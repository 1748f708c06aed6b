import type { ExtensionContext } from 'vscode';
import { activateHost, type ActiveHost } from './host/activate.ts';

let host: ActiveHost | undefined;

export function activate(context: ExtensionContext): void {
  host = activateHost(context);
  context.subscriptions.push(host);
}

/** VS Code waits for it, for some seconds, before it disposes of the subscriptions. */
export async function deactivate(): Promise<void> {
  await host?.shutDown();
}
