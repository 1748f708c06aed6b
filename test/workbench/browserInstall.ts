import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserProgram } from './browser.ts';
import { installOnce, installPackages } from './installOnce.ts';
import { runCommand } from './processes.ts';

/** A way to get a Chromium; `install` answers undefined where the way does not exist on this kind of machine. */
interface Installer {
  readonly name: string;
  readonly install: () => Promise<BrowserProgram | undefined>;
}

/** Best first: the browser of the test library, then the system's package, then one that comes through npm alone. */
export const installers: readonly Installer[] = [
  { name: 'Playwright', install: installWithPlaywright },
  { name: 'Debian package', install: installWithApt },
  { name: 'npm package @sparticuz/chromium', install: installFromNpm },
];

const downloadTimeoutMs = 5 * 60_000;

async function installWithPlaywright(): Promise<BrowserProgram | undefined> {
  const path = chromium.executablePath();
  if (existsSync(path)) return { path };
  console.log('No Chromium on this machine: trying Playwright’s download …');
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  await runCommand(process.execPath, [cli, 'install', 'chromium'], { timeoutMs: downloadTimeoutMs });
  return { path };
}

/** Debian's own package, where this runs as root: a container or a test machine. */
async function installWithApt(): Promise<BrowserProgram | undefined> {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return undefined;
  console.log('Installing the Debian package chromium …');
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: downloadTimeoutMs };
  await runCommand('apt-get', ['update'], options);
  const packages = ['chromium', 'fonts-liberation', 'fonts-dejavu-core'];
  await runCommand('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options);
  return { path: '/usr/bin/chromium' };
}

const npmChromiumVersion = '153.0.0';

/** Unpacks to the folder for temporary files; its own libraries and fonts come along only where it takes itself to be in a cloud. */
const unpackScript = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";

/** A Chromium without a window for Linux on x64, packed in an npm package together with the libraries that it needs. */
async function installFromNpm(): Promise<BrowserProgram | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = await installOnce(`chromium-${npmChromiumVersion}`, async (unfinished) => {
    await installPackages(unfinished, [`@sparticuz/chromium@${npmChromiumVersion}`]);
    const env = { ...process.env, TMPDIR: unfinished, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' };
    await runCommand(process.execPath, ['--input-type=module', '--eval', unpackScript], { cwd: unfinished, env });
    await rm(join(unfinished, 'node_modules'), { recursive: true });
  });
  return {
    path: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') },
  };
}
