import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, projectRoot } from './paths.ts';

/** Which VS Code a run uses: the desktop's, or the one in a browser. */
export type Choice = 'desktop' | 'server';

/** The host that @vscode/test-electron downloads VS Code from. */
const downloadHost = 'https://update.code.visualstudio.com/api/releases/stable';
const probeTimeoutMs = 3000;

/**
 * Decides for the desktop where one can be had and shown: a display, and a download (an earlier one counts). The environment
 * variable RNN_VSCODE, `desktop` or `server`, decides instead. Says in one line which and why.
 *
 * @throws {Error} when RNN_VSCODE says something else.
 */
export async function chooseVSCode(): Promise<Choice> {
  const { choice, why } = await decide();
  console.log(`VS Code: ${choice === 'desktop' ? 'desktop' : 'in a browser'} (${why}).`);
  return choice;
}

async function decide(): Promise<{ choice: Choice; why: string }> {
  const forced = process.env.RNN_VSCODE ?? '';
  if (forced === 'desktop' || forced === 'server') return { choice: forced, why: 'RNN_VSCODE says so' };
  if (forced !== '') throw new Error(`RNN_VSCODE is "${forced}"; it may be "desktop" or "server".`);
  if (!hasDisplay()) return { choice: 'server', why: 'there is no display' };
  if (wasDownloaded()) return { choice: 'desktop', why: 'downloaded before' };
  if (await isReachable(downloadHost)) return { choice: 'desktop', why: 'its download host answers' };
  return { choice: 'server', why: 'the download host of the desktop does not answer' };
}

/**
 * Which release of the desktop's VS Code to download: RNN_VSCODE_VERSION says `1.101.0` or the like, `stable`, or `oldest` for
 * the oldest that the manifest lets the extension into.
 */
export function desktopVersion(): string {
  const asked = process.env.RNN_VSCODE_VERSION ?? '';
  if (asked !== 'oldest') return asked === '' ? 'stable' : asked;
  const manifest = readFileSync(join(projectRoot, 'package.json'), 'utf8');
  const { engines } = JSON.parse(manifest) as { engines: { vscode: string } };
  return engines.vscode.replace('^', '');
}

/** Whether a window of the desktop has somewhere to appear. */
export function hasDisplay(): boolean {
  if (process.platform === 'win32' || process.platform === 'darwin') return true;
  return ['DISPLAY', 'WAYLAND_DISPLAY'].some((name) => (process.env[name] ?? '') !== '');
}

function wasDownloaded(): boolean {
  return existsSync(cacheFolder) && readdirSync(cacheFolder).some((name) => /^vscode-(linux|darwin|win32)-/.test(name));
}

async function isReachable(address: string): Promise<boolean> {
  try {
    const answer = await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(probeTimeoutMs) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Opens an address in the person's browser, where there is a display; says whether one was asked to. */
export function openInBrowser(address: string): boolean {
  if (!hasDisplay()) return false;
  const opener = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform as string] ?? ['xdg-open'];
  const [command = 'xdg-open', ...before] = opener;
  return spawnSync(command, [...before, address], { stdio: 'ignore', timeout: 10_000 }).status === 0;
}
