import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PNG } from 'pngjs';
import { launchBrowser } from '../workbench/browser.ts';
import type { Session } from '../workbench/session.ts';

/** In the order of the menu. */
const ITEMS = ['table', 'csv', 'json', 'png', 'svg'] as const;
export type SavedFormat = Exclude<(typeof ITEMS)[number], 'table'>;

/** Saves through the menu of a figure, as a person does with keys alone; returns what is in the file. */
export async function saveFigure(session: Session, figure: string, format: SavedFormat): Promise<Buffer> {
  const { window, folder, panel } = session;
  const path = join(folder, `saved-${figure}.${format}`);
  const button = panel.testId(`menu-${figure}`);
  await button.scrollIntoViewIfNeeded();
  await button.press('Enter');
  for (let steps = ITEMS.indexOf(format); steps > 0; steps--) await window.page.keyboard.press('ArrowDown');
  await panel.frame.locator(`[data-testid="menu-${figure}-${format}"]:focus`).waitFor();
  await window.page.keyboard.press('Enter');
  // VS Code suggests the folder of the text.
  const input = window.quickInput.locator('input').first();
  await input.waitFor();
  await window.page.waitForFunction(
    () => document.querySelector<HTMLInputElement>('.quick-input-widget input')?.value.includes('/sample-') === true,
  );
  await input.fill(path);
  await window.page.keyboard.press('Enter');
  await window.waitForNotification(`Saved saved-${figure}.${format}`);
  await window.clearNotifications();
  assert.ok(existsSync(path), `there is no ${path}`);
  return readFileSync(path);
}

/** What a browser makes of an SVG file that it opens by itself. */
export interface OpenedSvg {
  /** At twice its size. */
  readonly picture: PNG;
  readonly title: string;
  readonly texts: readonly string[];
  /** Elements by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** What the file refers to, data of its own left out. */
  readonly references: readonly string[];
}

/** Opens an SVG file in a context of its own, which knows nothing of the panel. */
export async function openSvg(session: Session, svg: string): Promise<OpenedSvg> {
  const context = await session.newContext();
  try {
    const page = await context.newPage();
    const { picture, ...opened } = await page.evaluate(async (source) => {
      const { documentElement: root } = new DOMParser().parseFromString(source, 'image/svg+xml');
      if (root.localName !== 'svg') throw new Error(`This is no SVG: ${root.textContent}`);
      const image = new Image();
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
      canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
      const elements = [...root.querySelectorAll('*')];
      const counts: Record<string, number> = {};
      for (const { localName } of elements) counts[localName] = (counts[localName] ?? 0) + 1;
      const attributes = elements.flatMap((element) => [...element.attributes]);
      return {
        picture: canvas.toDataURL('image/png'),
        title: root.querySelector('title')?.textContent ?? '',
        texts: [...root.querySelectorAll('text')].map(({ textContent }) => textContent),
        counts,
        references: attributes
          .filter(({ localName, value }) => localName === 'href' || localName === 'src' || value.includes('url('))
          .map(({ value }) => value)
          .filter((value) => !value.startsWith('data:image/png;base64,') && !/^url\(#\w+\)$/.test(value)),
      };
    }, svg);
    return { ...opened, picture: PNG.sync.read(Buffer.from(picture.slice(picture.indexOf(',') + 1), 'base64')) };
  } finally {
    await context.close();
  }
}

const BLOCK = 8;
/** Edges are drawn a little differently, areas are not: of 255, for the mean of a block of pixels. */
const VISIBLE = 16;

/** The share of blocks of pixels whose mean colour is visibly another one. Both pictures have the same size. */
export function shareThatDiffers(one: PNG, other: PNG): number {
  assert.deepEqual([one.width, one.height], [other.width, other.height], 'their sizes');
  let blocks = 0;
  let different = 0;
  for (let top = 0; top + BLOCK <= one.height; top += BLOCK) {
    for (let left = 0; left + BLOCK <= one.width; left += BLOCK) {
      blocks++;
      if (blockDistance(one, other, left, top) > VISIBLE) different++;
    }
  }
  return different / blocks;
}

/** The largest difference of the means of red, green and blue. */
function blockDistance(one: PNG, other: PNG, left: number, top: number): number {
  const sums = [0, 0, 0];
  for (let y = top; y < top + BLOCK; y++) {
    for (let x = left; x < left + BLOCK; x++) {
      const at = 4 * (y * one.width + x);
      for (let channel = 0; channel < 3; channel++) sums[channel] += one.data[at + channel] - other.data[at + channel];
    }
  }
  return Math.max(...sums.map(Math.abs)) / (BLOCK * BLOCK);
}

/** What a browser that has no network makes of a report. */
export interface OpenedReport {
  readonly title: string;
  /** Lines and areas in its pictures. */
  readonly curves: number;
  /** What it asked the network for, itself left out. */
  readonly requests: readonly string[];
  readonly errors: readonly string[];
  /** Of all that is on it, and of the window, in CSS pixels. */
  readonly width: number;
  readonly viewport: number;
}

/** Opens a report in a browser of its own, and takes pictures of it in dark and light. */
export async function openReport(path: string, picture: (scheme: 'dark' | 'light') => string): Promise<OpenedReport> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
    const address = pathToFileURL(path).href;
    const requests: string[] = [];
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.route('**', (route) => {
      if (route.request().url() === address) return route.continue();
      requests.push(route.request().url());
      return route.abort();
    });
    await page.goto(address, { waitUntil: 'load' });
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: picture(scheme), fullPage: true });
    }
    const found = await page.evaluate(() => ({
      title: document.title,
      curves: document.querySelectorAll('svg path, svg polyline').length,
      width: document.documentElement.scrollWidth,
      viewport: window.innerWidth,
    }));
    return { ...found, requests, errors };
  } finally {
    await browser.close();
  }
}
