import './host/translation.ts';
import type { ExtensionContext } from 'vscode';
import { activateHost, type ActiveHost } from './host/activate.ts';

let host: ActiveHost | undefined;

export function activate(context: ExtensionContext): void {
  host = activateHost(context);
}

/**
 * VS Code waits for it for some seconds. It disposes of the subscriptions without waiting, so the host is none of them: its runs
 * could not be saved any more.
 */
export async function deactivate(): Promise<void> {
  try {
    await host?.shutDown();
  } finally {
    host?.dispose();
  }
}
