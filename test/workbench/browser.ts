import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { installers } from './browserInstall.ts';
import { runCommand } from './processes.ts';

/** A Chromium and what its environment must hold for it to run. */
export interface BrowserProgram {
  readonly path: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Finds a Chromium, or gets one; asked once, because the answer costs a process or a download. */
let found: Promise<BrowserProgram> | undefined;

/** @throws {Error} saying what to install, when there is none and none can be had. */
export function findBrowser(): Promise<BrowserProgram> {
  found ??= find();
  return found;
}

async function find(): Promise<BrowserProgram> {
  for (const variable of ['RNN_CHROMIUM', 'CHROME_PATH']) {
    const path = process.env[variable];
    if (path === undefined || path === '') continue;
    const program = { path };
    const why = await whyUnusable(program);
    if (why !== undefined) throw new Error(`${variable} names ${path}, which is not a Chromium that runs here: ${why}`);
    return program;
  }
  const refusals: string[] = [];
  const usable = async (name: string, program: BrowserProgram): Promise<boolean> => {
    const why = await whyUnusable(program);
    if (why !== undefined) refusals.push(`${name}: ${why}`);
    return why === undefined;
  };
  const installed = [...candidatePaths().map((path) => ({ path })), ...installers.map(({ program }) => program)];
  for (const program of installed.filter(({ path }) => existsSync(path))) {
    if (await usable(program.path, program)) return program;
  }
  for (const { name, program, install } of installers.filter(({ applies }) => applies)) {
    console.log(`No Chromium on this machine: trying ${name} …`);
    try {
      await install();
      if (await usable(name, program)) return program;
    } catch (error) {
      refusals.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    'No Chromium was found and none could be had. Install Chromium, Google Chrome or Microsoft Edge, or set RNN_CHROMIUM ' +
      `to the path of one.\n${refusals.join('\n')}`,
  );
}

/** Where a Chromium of this machine may be, best first. */
function candidatePaths(): string[] {
  if (process.platform === 'darwin') {
    const names = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
    const folders = ['/Applications', join(homedir(), 'Applications')];
    return folders.flatMap((folder) => names.map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)));
  }
  if (process.platform === 'win32') {
    const programs = [
      ['Google', 'Chrome', 'Application', 'chrome.exe'],
      ['Chromium', 'Application', 'chrome.exe'],
      ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
    ];
    const folders = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].map((name) => process.env[name]);
    return folders
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => programs.map((program) => join(folder, ...program)));
  }
  // The first one has no window at all, and takes a fifth less of the processor than one that hides its window.
  const names = [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
  ];
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** Undefined when the program runs. A browser whose libraries are missing, or a stub that points to a store, does not. */
async function whyUnusable(program: BrowserProgram): Promise<string | undefined> {
  if (!existsSync(program.path)) return 'there is no such file.';
  // Chrome on Windows opens a window when it is asked for its version.
  if (process.platform === 'win32') return undefined;
  try {
    const env = { ...process.env, ...program.env };
    const answer = await runCommand(program.path, ['--version'], { env, timeoutMs: 20_000 });
    return /\d+\.\d+\.\d+/.test(answer) ? undefined : `asked for its version, it said: ${answer.trim()}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Starts a headless Chromium that stays off the network but for the addresses it is sent to. */
export async function launchBrowser(): Promise<Browser> {
  const program = await findBrowser();
  return chromium.launch({
    executablePath: program.path,
    env: { ...definedEnvironment(), ...program.env },
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
