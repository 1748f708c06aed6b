import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
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

/** Installs npm packages into a folder without running any of their scripts: nothing is compiled or downloaded besides them. */
export async function installPackages(folder: string, packages: readonly string[]): Promise<void> {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) await writeFile(manifest, '{ "private": true }\n');
  const quiet = [
    '--ignore-scripts',
    '--omit=dev',
    '--no-audit',
    '--no-fund',
    '--engine-strict=false',
    '--loglevel=error',
  ];
  await runNpm(['install', ...quiet, ...packages], { cwd: folder, timeoutMs: installTimeoutMs });
}
