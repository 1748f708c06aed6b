import type { ExtensionContext } from 'vscode';
import { activateHost } from './host/activate.ts';

export function activate(context: ExtensionContext): void {
  context.subscriptions.push(activateHost(context));
}
