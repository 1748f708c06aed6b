import type { ConsoleMessage, Page } from 'playwright-core';
import { extensionId } from './paths.ts';

/**
 * Errors that VS Code itself writes in a browser without a network and without its optional native parts. Everything else
 * on the console is a finding.
 */
const vscodeNoise: readonly RegExp[] = [
  // What the address of a static file of VS Code, or of a service on the network, answers.
  /^Failed to load resource: .*(\/_static\/|\/static\/node_modules\/vsda\/|\/update\/check|open-vsx\.org|vscode-cdn\.net|github\.com|\/manifest\.json)/s,
  /open-vsx\.org/,
  /Could not locate the bindings file/,
  /Cannot find module '\.\/build\/Release\/watchdog'/,
  // Its own participants in saving, on a slow machine.
  /Aborted onWillSaveTextDocument-event/,
  // What it was doing when it was told to stop, as a window that is left is.
  /Canceled: Canceled/,
  /IndexedDB database '.*' is closed\./,
  /Timed out waiting for authentication provider/,
  /\[lifecycle\] Long running operations during shutdown are unsupported in the web/,
  /\[Service Worker\] registration/,
  /bad HTTP response code \(404\) was received when fetching the script/,
];

/** What VS Code's own script reports within so long before its window is loaded anew comes from tearing the old one down, unless it names the extension. */
const leavingMs = 5000;
const vscodeScript = '/workbench/workbench.js)';

/** Collects what a page and all frames in it report as errors. */
export class ConsoleErrors {
  private errors: { readonly text: string; readonly atMs: number }[] = [];

  constructor(page: Page) {
    page.on('console', (message) => this.add(message));
    page.on('domcontentloaded', () => this.forgiveLeaving());
    page.on('pageerror', (error) => this.keep(`${error.name}: ${error.message}\n${error.stack ?? ''}`));
  }

  private add(message: ConsoleMessage): void {
    if (message.type() === 'error') this.keep(`${message.text()} (${message.location().url})`);
  }

  private keep(text: string): void {
    if (!vscodeNoise.some((pattern) => pattern.test(text))) this.errors.push({ text, atMs: performance.now() });
  }

  private forgiveLeaving(): void {
    const since = performance.now() - leavingMs;
    this.errors = this.errors.filter(
      ({ text, atMs }) => atMs < since || !text.endsWith(vscodeScript) || text.includes(extensionId),
    );
  }

  /** The errors since the last call. */
  take(): string[] {
    return this.errors.splice(0).map(({ text }) => text);
  }
}
