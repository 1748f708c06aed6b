import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

/**
 * The browser of this process for windows one after the other: after the first it has read what VS Code consists of. It is that of a
 * person who wants no motion: a frame of an animation takes as much as one that shows something new.
 */
let shared: Promise<BrowserContext> | undefined;

/** A page that knows nothing of the windows before. */
export async function pageOfSharedBrowser(origin: string): Promise<Page> {
  shared ??= launchBrowser().then((browser) => browser.newContext({ reducedMotion: 'reduce' }));
  const context = await shared;
  const page = await context.newPage();
  const devTools = await context.newCDPSession(page);
  // What VS Code stores in the browser; the cache of what came over the network stays.
  await devTools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await devTools.detach();
  return page;
}

export async function closeSharedBrowser(): Promise<void> {
  const context = await shared;
  shared = undefined;
  await context?.browser()?.close();
}
