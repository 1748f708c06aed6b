import type { Locator, Page } from 'playwright-core';
import { type Language, paletteTitle } from './languages.ts';
import type { Profile, VSCodeSettings } from './profile.ts';

/** The four kinds of theme that VS Code has: the theme that stands for each, and the class by which the window shows it. */
const themes = {
  dark: { setting: 'Dark Modern', className: 'vs-dark' },
  light: { setting: 'Light Modern', className: 'vs' },
  highContrastDark: { setting: 'Default High Contrast', className: 'hc-black' },
  highContrastLight: { setting: 'Default High Contrast Light', className: 'hc-light' },
} as const;

export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as ThemeName[];

/** How long VS Code may take to show what it was asked for, on a slow machine. */
const showMs = 20_000;
/** How long VS Code may take to come, and then to know its extensions. */
const comeMs = 60_000;
const knowMs = 60_000;
/** A command of the extension that applies at all times. */
const alwaysOffered = 'train';
/** How long VS Code may leave its input at the top closed after a key opened it. */
const inputMs = 5000;

/** How long VS Code shows a message at the lower right at least. */
const toastMs = 10_000;

/** How long a menu of VS Code does not take clicks after it opened, doubled. */
const menuMs = 200;

/** The window of a VS Code, used as a person does: by keys, clicks and what is on the screen. */
export class VSCodeWindow {
  readonly page: Page;
  private readonly profile: Profile;
  private readonly language: Language | undefined;
  private changes = 0;
  /** What waitForNotification found. VS Code writes the errors among them to its console too. */
  readonly seenNotifications: string[] = [];

  /** @param language where it is not English. */
  constructor(page: Page, profile: Profile, language?: Language) {
    this.page = page;
    this.profile = profile;
    this.language = language;
    page.setDefaultTimeout(showMs);
  }

  /** A window of the same VS Code on another page. */
  another(page: Page): VSCodeWindow {
    return new VSCodeWindow(page, this.profile, this.language);
  }

  /** Goes to an address of the server and waits until the window can be used. */
  async open(address: string): Promise<void> {
    await this.page.goto(address, { timeout: comeMs });
    await this.waitUntilUsable();
  }

  /** *Developer: Reload Window*, until the new window can be used. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent('load', { timeout: comeMs }), this.runCommand('Developer: Reload Window')]);
    await this.waitUntilUsable();
  }

  private async waitUntilUsable(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: comeMs });
    // Only the palette tells whether VS Code knows the commands of its extensions yet, and it tells what it knew when it was opened.
    const end = Date.now() + knowMs;
    const title = this.titleOf(alwaysOffered);
    while (!(await this.commandsMatching(title)).includes(title)) {
      if (Date.now() > end) throw new Error(`The palette did not offer "${title}" within ${knowMs} ms.`);
    }
  }

  /** A command of the extension, such as `train`, as the palette of this window shows it. */
  titleOf(command: string): string {
    return paletteTitle(command, this.language?.texts);
  }

  /** Opens a file by its path, absolute or within the open folder, as *Go to File* does. */
  async openFile(path: string): Promise<void> {
    const name = path.split('/').at(-1) ?? path;
    await this.typeInQuickInput('ControlOrMeta+p', path);
    await this.takeRow(this.quickPickRow(name).first());
    // The file may be in front in another group as well.
    await this.activeTab(name).first().waitFor();
  }

  /** The tab that has the focus of its group, by its name. */
  activeTab(name: string): Locator {
    return this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`);
  }

  /** Closes the first tab whose name begins so, as its ✕ does. */
  async closeTab(name: string): Promise<void> {
    const tabs = this.page.locator(`.tabs-container .tab[aria-label^="${name}"]`);
    const before = await tabs.count();
    await tabs.first().hover();
    await tabs.first().locator('.tab-actions .action-label').click();
    while ((await tabs.count()) >= before) await this.page.waitForTimeout(20);
  }

  /**
   * Runs a command through the palette.
   *
   * @param title - as the palette shows it, with the category: `RNN Inspector: Pause`.
   * @throws {Error} naming what the palette offers instead, when it does not offer the command.
   */
  async runCommand(title: string): Promise<void> {
    await this.typeInPalette(title);
    const row = this.quickPickRow(title).first();
    try {
      await row.waitFor();
    } catch (error) {
      const offered = await this.quickPickLabels.allInnerTexts();
      await this.dismissQuickInput();
      throw new Error(`The palette does not offer "${title}" but: ${offered.join(' | ')}`, { cause: error });
    }
    await this.takeRow(row);
    // A quick pick that the command opens takes the palette's place: it is the palette as long as it holds its `>`.
    await this.page.waitForFunction(() => {
      const input = document.querySelector<HTMLInputElement>('.quick-input-widget:not([style*="display: none"]) input');
      return input?.value.startsWith('>') !== true;
    });
  }

  /** Takes a row by keys, since a click on one that VS Code draws anew may reach it twice, or not at all. */
  private async takeRow(row: Locator): Promise<void> {
    while (!(await row.evaluate((element) => element.classList.contains('focused')))) {
      await this.page.keyboard.press('ArrowDown');
    }
    await this.page.keyboard.press('Enter');
  }

  /** The titles in the palette that match what is typed; leaves the palette closed. */
  async commandsMatching(typed: string): Promise<string[]> {
    await this.typeInPalette(typed);
    const titles = await this.quickPickItems();
    await this.dismissQuickInput();
    return titles;
  }

  private async typeInPalette(text: string): Promise<void> {
    await this.typeInQuickInput('F1', `>${text}`);
  }

  /** Opens the input at the top by a key. VS Code closes it when something behind it takes the focus: then again. */
  private async typeInQuickInput(key: string, text: string): Promise<void> {
    const input = this.quickInput.locator('input').first();
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press(key);
      try {
        await input.fill(text, { timeout: inputMs });
        return;
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  }

  /** The input at the top of the window: palette, *Go to File*, or a quick pick of an extension. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  private quickPickRow(label: string): Locator {
    return this.quickInput
      .locator('.monaco-list-row')
      .filter({ has: this.page.locator('.quick-input-list-row').first().getByText(label, { exact: true }) });
  }

  private get quickPickLabels(): Locator {
    return this.quickInput.locator('.monaco-list-row .quick-input-list-row:first-child .label-name');
  }

  /** Waits for a quick pick and returns the labels of its entries, from the top. */
  async quickPickItems(): Promise<string[]> {
    await this.quickPickLabels.first().waitFor();
    return (await this.quickPickLabels.allInnerTexts()).map((label) => label.trim());
  }

  /** Waits for the quick pick that an extension opened and takes the entry with this label, or the first without one. */
  async pickQuickPick(label?: string): Promise<void> {
    await this.quickPickLabels.first().waitFor();
    if (label === undefined) await this.page.keyboard.press('Enter');
    else await this.quickPickRow(label).first().click();
  }

  async dismissQuickInput(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** The messages that VS Code shows at the lower right. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allTextContents();
  }

  /** Waits for a message that holds a text, and returns all of it. */
  waitForNotification(part: string): Promise<string> {
    return this.withNotification(
      part,
      async (item) => (await item.locator('.notification-list-item-message').textContent()) ?? '',
    );
  }

  /** Clicks a button of the message that holds a text. */
  async clickNotification(part: string, button: string): Promise<void> {
    await this.withNotification(part, (item) => item.getByRole('button', { name: button }).click());
  }

  /** Looks for a message at the lower right, and, since it goes from there by itself, in the list of all behind the bell. */
  private async withNotification<R>(part: string, use: (item: Locator) => Promise<R>): Promise<R> {
    const within = (list: string): Locator =>
      this.page.locator(`${list} .notification-list-item`).filter({ hasText: part }).first();
    const toast = within('.notifications-toasts');
    const kept = within('.notifications-center');
    const isShown = await toast.waitFor({ timeout: toastMs }).then(
      () => true,
      () => false,
    );
    if (isShown) return use(toast);
    await this.runCommand('Notifications: Show Notifications');
    await kept.waitFor();
    const result = await use(kept);
    await this.hideNotifications();
    return result;
  }

  /** The list goes by itself with the last message in it, also while it is being hidden. */
  private async hideNotifications(): Promise<void> {
    const list = this.page.locator('.notifications-center');
    if (!(await list.isVisible())) return;
    try {
      await this.runCommand('Notifications: Hide Notifications');
    } catch (error) {
      if (await list.isVisible()) throw error;
    }
  }

  async clearNotifications(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
  }

  /** Opens the context menu of something and takes an entry of it. */
  async pickFromContextMenu(target: Locator, label: string): Promise<void> {
    await target.click({ button: 'right' });
    const entry = this.page.locator('.monaco-menu').getByText(label, { exact: true });
    await entry.waitFor();
    // VS Code takes a click for the end of the one that opened the menu, for the first tenth of a second.
    await this.page.waitForTimeout(menuMs);
    await entry.click();
    await entry.waitFor({ state: 'detached' });
  }

  /** The entries of the context menu of something; leaves the menu closed. */
  async contextMenu(target: Locator): Promise<string[]> {
    await target.click({ button: 'right' });
    const labels = this.page.locator('.monaco-menu .action-item:not(.disabled) .action-label');
    await labels.first().waitFor();
    const entries = (await labels.allInnerTexts()).map((label) => label.trim()).filter((label) => label !== '');
    await this.page.keyboard.press('Escape');
    await labels.first().waitFor({ state: 'detached' });
    return entries;
  }

  /** An entry of the status bar whose text holds a part. */
  statusBarItem(part: string): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: part });
  }

  /**
   * Changes the settings of the person and waits until they hold. VS Code in the browser does not watch the file, so its own
   * editor saves the file once more; that they hold is seen by the title of the window, which is one of them.
   */
  async changeSettings(settings: VSCodeSettings): Promise<void> {
    this.changes += 1;
    const title = `settings, change ${this.changes}`;
    this.profile.update({ ...settings, 'window.title': title });
    await this.runCommand('Preferences: Open User Settings (JSON)');
    const editor = this.page.locator('.monaco-editor[data-uri$="/User/settings.json"]:visible');
    await editor.waitFor();
    await this.page.keyboard.press('ControlOrMeta+s');
    await this.page.waitForFunction((expected) => document.title === expected, title);
    // The editor of the settings is a dialog over the window, without keys of its own.
    await this.page.locator('.monaco-modal-editor-block').getByRole('button', { name: 'Close' }).click();
    await editor.waitFor({ state: 'detached' });
  }

  async setTheme(name: ThemeName): Promise<void> {
    const theme = themes[name];
    await this.runCommand('Preferences: Color Theme');
    await this.quickInput.locator('input').first().fill(theme.setting);
    await this.pickQuickPick(theme.setting);
    await this.page.locator(`.monaco-workbench.${theme.className}`).waitFor();
    // VS Code writes the choice down a moment later; changeSettings must not be overtaken by that.
    await this.waitForSetting('workbench.colorTheme', theme.setting);
  }

  /** Waits until VS Code has written a setting of the person down. */
  async waitForSetting(setting: string, value: unknown): Promise<void> {
    const end = Date.now() + showMs;
    while (!this.profile.holds(setting, value)) {
      if (Date.now() > end) throw new Error(`${setting} did not become ${JSON.stringify(value)} within ${showMs} ms.`);
      await this.page.waitForTimeout(20);
    }
  }

  /** @param width - and height in CSS pixels. */
  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }
}
