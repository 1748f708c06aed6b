import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import type { CodeServer } from './codeServer.ts';
import { isLong } from '../run/amount.ts';
import { ConsoleErrors } from './consoleErrors.ts';
import { extensionHosts } from './extensionHosts.ts';
import { languageOf, speak } from './languages.ts';
import { Panel } from './panel.ts';
import { projectRoot } from './paths.ts';
import { endProcess } from './processes.ts';
import type { Profile, VSCodeSettings } from './profile.ts';
import { RunsView } from './runsView.ts';
import { closeSharedBrowser, pageOfSharedBrowser } from './sharedBrowser.ts';
import { SharedVSCode, startWithExtension } from './sharedVSCode.ts';
import { removeFolder, temporaryFolder } from './temporaryFolder.ts';
import { VSCodeWindow } from './window.ts';

/**
 * How long a server of VS Code is waited for to end the extensions of a window that is left. Of one that is left right after it came, it
 * keeps them for hours, in case the window comes back.
 */
const leaveMs = 1500;
/** Within which they are gone after that. */
const killMs = 20_000;
/** Of a window, in CSS pixels. */
const usualSize = { width: 1440, height: 900 };

export interface SessionOptions {
  /** Files of the folder that is open, by path within it. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Settings of the person besides those of a quiet VS Code. */
  readonly settings?: VSCodeSettings;
  /** Open the folder in restricted mode, as a person who does not trust it. */
  readonly restricted?: boolean;
  /** Of the window, in CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number };
  /** As for a person who wants motion. */
  readonly motion?: boolean;
  /** Of the extension, where that is not English; see languages.ts. */
  readonly language?: string;
}

/** One more window on the same folder. */
export interface OtherWindow {
  readonly window: VSCodeWindow;
  readonly panel: Panel;
  readonly runs: RunsView;
  readonly errors: ConsoleErrors;
}

/** A window of a VS Code with the packaged extension installed, in a headless browser, for as long as a test file needs it. */
export class Session {
  readonly folder: string;
  readonly window: VSCodeWindow;
  readonly panel: Panel;
  readonly runs: RunsView;
  readonly errors: ConsoleErrors;
  private readonly home: string;
  private readonly profile: Profile;
  private readonly server: CodeServer;
  /** Whether other test files go on in this browser. */
  private readonly keepsBrowser: boolean;

  private constructor(home: string, profile: Profile, server: CodeServer, keepsBrowser: boolean, window: VSCodeWindow) {
    this.home = home;
    this.profile = profile;
    this.folder = workspaceFolder(home);
    this.server = server;
    this.keepsBrowser = keepsBrowser;
    this.window = window;
    this.errors = new ConsoleErrors(window.page);
    this.panel = new Panel(window.page);
    this.runs = new RunsView(window);
  }

  /** Everything is fresh: settings, runs, folder. The VS Code may be one in which other test files ran before. */
  static async start(options: SessionOptions = {}): Promise<Session> {
    const home = temporaryFolder('session-');
    writeFiles(workspaceFolder(home), options.files ?? {});
    const settings = {
      'workbench.colorTheme': 'Dark Modern',
      // Where it is off, every folder is trusted.
      'security.workspace.trust.enabled': options.restricted === true,
      ...options.settings,
    };
    const shared = SharedVSCode.ofThisProcess(settings);
    const { server, profile } = shared ?? (await startWithExtension(join(home, 'profile'), settings));
    try {
      const address = server.address(workspaceFolder(home));
      const page = await pageOfSharedBrowser(new URL(address).origin);
      await page.setViewportSize(options.size ?? usualSize);
      // A frame of an animation takes as much as one that shows something new.
      if (options.motion !== true) await page.emulateMedia({ reducedMotion: 'reduce' });
      const language = options.language === undefined ? undefined : languageOf(options.language);
      if (language !== undefined) await speak(page, language, profile.extensions);
      const window = new VSCodeWindow(page, profile, language);
      const session = new Session(home, profile, server, shared !== undefined, window);
      await session.window.open(address);
      return session;
    } catch (error) {
      // Left running, they would keep this process from ending.
      await Promise.allSettled([closeSharedBrowser(), server.stop()]);
      throw error;
    }
  }

  /** Where the picture with this name lies. */
  picturePath(name: string): string {
    return join(projectRoot, 'test', 'screenshots', `${name}.png`);
  }

  /** Writes a picture of the window to test/screenshots/NAME.png. */
  async screenshot(name: string): Promise<string> {
    const path = this.picturePath(name);
    await this.window.page.screenshot({ path });
    return path;
  }

  /** As {@link screenshot}, where pictures are made. */
  async picture(name: string): Promise<string> {
    return isLong() ? this.screenshot(name) : this.picturePath(name);
  }

  /** What a person would look at after something went wrong: the settings, and the end of the extension's log. */
  diagnosis(): string {
    const { userData } = this.profile;
    const logs = globSync('**/*RNN Inspector.log', { cwd: userData }).map((name) => join(userData, name));
    const newest = logs.sort((one, other) => statSync(one).mtimeMs - statSync(other).mtimeMs).at(-1);
    const log = newest === undefined ? '(no log)' : readFileSync(newest, 'utf8').slice(-3000);
    return `settings: ${readFileSync(join(userData, 'User', 'settings.json'), 'utf8')}\nlog: ${log}`;
  }

  /** A place in the same browser that knows nothing of the window. */
  newContext(): Promise<BrowserContext> {
    return this.browser.newContext();
  }

  private get browser(): Browser {
    const browser = this.window.page.context().browser();
    if (browser === null) throw new Error('The browser is not one that was launched.');
    return browser;
  }

  /** Opens the same folder in one more tab of the same browser. */
  async openOtherWindow(): Promise<OtherWindow> {
    const page = await this.window.page.context().newPage();
    await page.setViewportSize(this.window.page.viewportSize() ?? usualSize);
    const errors = new ConsoleErrors(page);
    const window = this.window.another(page);
    await window.open(this.server.address(this.folder));
    return { window, panel: new Panel(page), runs: new RunsView(window), errors };
  }

  /**
   * Kills the process in which this window runs its extensions, as a crash would; VS Code notices, and says so.
   *
   * @throws {Error} where there is not just one: another window is open.
   */
  async killExtensionHost(): Promise<void> {
    const hosts = await extensionHosts(this.server.pid);
    if (hosts.length !== 1) throw new Error(`There are ${hosts.length} extension hosts: ${hosts.join()}.`);
    process.kill(hosts[0], 'SIGKILL');
  }

  /** Leaves the window, as a person does who closes it, until its extensions have ended: the next file finds an idle VS Code. */
  private async leave(): Promise<void> {
    const pages = this.window.page.context().pages();
    await Promise.all(pages.map((page) => page.goto('about:blank')));
    const end = Date.now() + leaveMs;
    for (let left = await extensionHosts(this.server.pid); left.length > 0;) {
      if (Date.now() > end + killMs)
        throw new Error(`Extension hosts did not end when they were killed: ${left.join()}.`);
      if (Date.now() > end) for (const pid of left) endProcess(pid);
      await this.window.page.waitForTimeout(50);
      left = await extensionHosts(this.server.pid);
    }
  }

  /**
   * Ends VS Code and forgets everything about it.
   *
   * @throws {Error} when the console holds errors that nobody took and that were not the notifications waited for.
   */
  async close(): Promise<void> {
    const seen = this.window.seenNotifications;
    const errors = this.errors.take().filter((error) => !seen.some((text) => error.includes(text)));
    try {
      await this.leave();
    } finally {
      if (this.keepsBrowser)
        await Promise.all(
          this.window.page
            .context()
            .pages()
            .map((page) => page.close()),
        );
      else await closeSharedBrowser();
      await this.server.stop();
      removeFolder(this.home);
    }
    if (errors.length > 0) throw new Error(`Errors on the console:\n${errors.join('\n')}`);
  }
}

function workspaceFolder(home: string): string {
  return join(home, 'folder');
}

function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
}
