import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './paths.ts';
import { runNpm } from './processes.ts';

const installTimeoutMs = 10 * 60_000;

/**
 * Fills a folder of the cache, once. The folder gets its name only when it is complete, so that an interrupted install is
 * not taken for one.
 *
 * @param name - of the folder, with the version of what is in it.
 * @param fill - puts it together in the empty folder that it is given.
 * @returns the path of the complete folder.
 */
export async function installOnce(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder, name);
  if (existsSync(folder)) return folder;
  console.log(`Installing ${name} into ${cacheFolder}, once …`);
  await mkdir(cacheFolder, { recursive: true });
  const unfinished = await mkdtemp(join(cacheFolder, 'installing-'));
  try {
    await fill(unfinished);
    // Another process may have been faster; its install is as good as this one.
    if (!existsSync(folder)) await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** One release of a npm package, and what npm's registry says its bytes are. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** `sha512-…`, as in a lock file. */
  readonly integrity: string;
}

/**
 * Installs a npm package that brings the lock of what it needs (`npm-shrinkwrap.json`).
 * @throws {Error} where its bytes are others than those that were chosen.
 */
export async function installPinned(folder: string, { name, version, integrity }: PinnedPackage): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await npmInstall(folder, 'install', `${name}@${version}`);
  checkPinned(await readFile(join(folder, 'package-lock.json'), 'utf8'), { name, version, integrity });
}

/** @throws {Error} where npm's lock says that a package has other bytes than those that were chosen. */
export function checkPinned(lockText: string, { name, version, integrity }: PinnedPackage): void {
  const lock = JSON.parse(lockText) as Lock;
  const found = lock.packages?.[`node_modules/${name}`]?.integrity;
  if (found === integrity) return;
  throw new Error(
    `npm's ${name} ${version} has the integrity ${found ?? '(none)'}, not ${integrity}: it is not what was tested, and is not used.`,
  );
}

/** Installs what the lock file in a folder says, and nothing else. */
export function installLocked(folder: string): Promise<void> {
  // VS Code makes its lock without the peers of packages.
  return npmInstall(folder, 'ci', '--legacy-peer-deps');
}

interface Lock {
  readonly packages?: Readonly<Record<string, { readonly integrity?: string }>>;
}

/** Without running any script of the packages: nothing is compiled or downloaded besides them. */
async function npmInstall(folder: string, ...command: string[]): Promise<void> {
  const quiet = [
    '--ignore-scripts',
    '--omit=dev',
    '--no-audit',
    '--no-fund',
    '--engine-strict=false',
    '--loglevel=error',
  ];
  await runNpm([...command, ...quiet], { cwd: folder, timeoutMs: installTimeoutMs });
}
