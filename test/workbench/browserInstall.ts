import { existsSync, readFileSync } from 'node:fs';
import { cp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserProgram } from './browser.ts';
import { cacheFolder } from './paths.ts';
import { installLocked, installOnce } from './installOnce.ts';
import { runCommand } from './processes.ts';

/** A way to get a Chromium. */
interface Installer {
  readonly name: string;
  /** Where an earlier install put it, whether it is there or not. */
  readonly program: BrowserProgram;
  /** Whether the way exists on this kind of machine. */
  readonly applies: boolean;
  readonly install: () => Promise<unknown>;
}

const downloadTimeoutMs = 5 * 60_000;
/** A lock file of its own: it is large, and few machines need it. */
const npmChromiumLock = join(import.meta.dirname, 'chromium');
const npmChromiumName = `chromium-${versionOf(npmChromiumLock, '@sparticuz/chromium')}`;
const npmChromiumFolder = join(cacheFolder, npmChromiumName);

/** Best first: the browser of the test library, then the system's package, then one that comes through npm alone. */
export const installers: readonly Installer[] = [
  {
    name: 'Playwright’s download',
    program: { path: chromium.executablePath() },
    applies: true,
    install: installWithPlaywright,
  },
  // The first is not in every release.
  fromDebian('chromium-headless-shell'),
  fromDebian('chromium'),
  {
    name: 'npm’s package @sparticuz/chromium',
    program: {
      path: join(npmChromiumFolder, 'chromium'),
      env: {
        LD_LIBRARY_PATH: join(npmChromiumFolder, 'al2023', 'lib'),
        FONTCONFIG_PATH: join(npmChromiumFolder, 'fonts'),
      },
    },
    applies: process.platform === 'linux' && process.arch === 'x64',
    install: installFromNpm,
  },
];

/** Of a package that the manifest in a folder names. */
function versionOf(folder: string, name: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return manifest.dependencies[name];
}

async function installWithPlaywright(): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  await runCommand(process.execPath, [cli, 'install', 'chromium'], { timeoutMs: downloadTimeoutMs });
}

function fromDebian(name: string): Installer {
  return {
    name: `Debian’s package ${name}`,
    program: { path: `/usr/bin/${name}` },
    // A container or a test machine: elsewhere nobody works as root.
    applies: existsSync('/usr/bin/apt-get') && process.getuid?.() === 0,
    install: async () => {
      const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: downloadTimeoutMs };
      await runCommand('apt-get', ['update'], options);
      const packages = [name, 'fonts-liberation', 'fonts-dejavu-core'];
      await runCommand('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options);
    },
  };
}

/** Unpacks to the folder for temporary files; its own libraries and fonts come along only where it takes itself to be in a cloud. */
const unpackScript = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";

/** A Chromium without a window for Linux on x64, packed together with the libraries and fonts that it needs. */
async function installFromNpm(): Promise<void> {
  await installOnce(npmChromiumName, async (unfinished) => {
    await cp(npmChromiumLock, unfinished, { recursive: true });
    await installLocked(unfinished);
    const env = { ...process.env, TMPDIR: unfinished, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' };
    await runCommand(process.execPath, ['--input-type=module', '--eval', unpackScript], { cwd: unfinished, env });
    await writeFile(join(unfinished, 'fonts', 'fonts.conf'), fontConfiguration(npmChromiumFolder));
    await rm(join(unfinished, 'node_modules'), { recursive: true });
  });
}

/**
 * Names the fonts that came along, and the machine's own. The configuration that came along names the folders of a cloud,
 * and this Chromium ends when it finds no font.
 */
function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
</fontconfig>
`;
}
