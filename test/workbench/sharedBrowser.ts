import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

/** The browser of this process for windows one after the other: after the first it has read what VS Code consists of. */
let shared: Promise<BrowserContext> | undefined;

/** A page that knows nothing of the windows before. */
export async function pageOfSharedBrowser(origin: string): Promise<Page> {
  shared ??= launchContext();
  const context = await shared;
  const page = await context.newPage();
  const devTools = await context.newCDPSession(page);
  // What VS Code stores in the browser; the cache of what came over the network stays.
  await devTools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await devTools.detach();
  return page;
}

export async function closeSharedBrowser(): Promise<void> {
  const closing = shared;
  shared = undefined;
  // One that could not be launched has told so already.
  const context = await closing?.catch(() => undefined);
  await context?.browser()?.close();
}

async function launchContext(): Promise<BrowserContext> {
  const browser = await launchBrowser();
  try {
    return await browser.newContext();
  } catch (error) {
    await browser.close();
    throw error;
  }
}
