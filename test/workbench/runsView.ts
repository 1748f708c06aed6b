import type { Locator, Page } from 'playwright-core';
import type { VSCodeWindow } from './window.ts';

/** How long the view may take to show what is on the disk: it looks every five seconds, and on a slow machine later. */
const followMs = 30_000;

/** The view *RNN Runs* in the side bar: what its rows say, and what can be done with them. */
export class RunsView {
  private readonly window: VSCodeWindow;
  private readonly page: Page;

  constructor(window: VSCodeWindow) {
    this.window = window;
    this.page = window.page;
  }

  /** Opens the view by its icon in the activity bar, where it is not open. */
  async open(): Promise<void> {
    const title = this.page.locator('.part.sidebar').getByText('RNN Inspector: RNN Runs');
    if (!(await title.isVisible())) {
      await this.page.locator('.activitybar .action-item', { has: this.page.getByLabel('RNN Inspector') }).click();
    }
    await title.waitFor();
  }

  get tree(): Locator {
    return this.page.getByRole('tree', { name: 'RNN Runs' });
  }

  /** The runs, from the top; files are rows of their own. */
  get runs(): Locator {
    return this.tree.locator('.monaco-list-row[aria-level="2"]');
  }

  /** The runs whose label or description holds a part. */
  run(part: string | RegExp): Locator {
    return this.runs.filter({ hasText: part });
  }

  /** Waits until a run says what fits; returns its text, label and description. */
  async waitForRun(part: string | RegExp): Promise<string> {
    const run = this.run(part).first();
    await run.waitFor({ timeout: followMs });
    return run.innerText();
  }

  async waitForCount(count: number): Promise<void> {
    await this.page.waitForFunction(
      (expected) => document.querySelectorAll('.pane-body .monaco-list-row[aria-level="2"]').length === expected,
      count,
      { timeout: followMs },
    );
  }

  /** Chooses the first run, and adds the others with the Control key. */
  async select(...runs: readonly Locator[]): Promise<void> {
    for (const [at, run] of runs.entries()) {
      // At its beginning: to reach the middle of a long name the row would be scrolled.
      await run
        .locator('.label-name')
        .click({ position: { x: 4, y: 8 }, ...(at > 0 && { modifiers: ['ControlOrMeta' as const] }) });
    }
  }

  /** Waits until the keyboard is at a run, and the run is the one that is chosen. */
  async waitUntilFocused(part: string): Promise<void> {
    await this.tree.locator('.monaco-list-row.focused.selected').filter({ hasText: part }).waitFor();
  }

  /** Takes an entry of the context menu of a run. */
  async pick(run: Locator, entry: string): Promise<void> {
    await this.window.pickFromContextMenu(run, entry);
  }

  /** Presses a button that a row shows while the pointer is on it. */
  async press(run: Locator, title: string): Promise<void> {
    await run.hover();
    await run.locator('.actions .action-label').and(run.getByLabel(title)).click();
  }
}
