import type { CDPSession } from 'playwright-core';
import type { Panel } from '../workbench/panel.ts';

/** What is measured in the page of a panel that shows a running network. */

/** What the panel's page noted while it was watched. */
export interface Watched {
  readonly seconds: number;
  /** Milliseconds from each frame to the next. */
  readonly frames: number[];
  /** Durations of tasks of more than 50 ms. */
  readonly longTasks: number[];
  /** What came from the host. */
  readonly messages: { readonly type: string; readonly bytes: number }[];
}

/**
 * Notes, in the panel's page, for so many seconds. The page shares its main thread with the window around it. The browser is
 * headless, where frames come 60 times a second as long as the page is visible, and asking for each next one keeps them coming.
 */
export function watchPanel(panel: Panel, seconds: number): Promise<Watched> {
  return panel.frame.locator('body').evaluate(async (_, seconds) => {
    /** Typed arrays as they are, all else as JSON. */
    const bytesOf = (value: unknown): number => {
      if (ArrayBuffer.isView(value)) return value.byteLength;
      if (typeof value !== 'object' || value === null) return JSON.stringify(value)?.length ?? 0;
      return Object.entries(value).reduce((sum, [name, part]) => sum + name.length + 4 + bytesOf(part), 2);
    };
    const frames: number[] = [];
    const longTasks: number[] = [];
    const messages: { type: string; bytes: number }[] = [];
    const listen = ({ data }: MessageEvent<{ type: string }>): void => {
      messages.push({ type: data.type, bytes: bytesOf(data) });
    };
    window.addEventListener('message', listen);
    const observer = new PerformanceObserver((list) => {
      longTasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    observer.observe({ entryTypes: ['longtask'] });
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const start = await frame();
    let last = start;
    while (last - start < seconds * 1000) {
      const now = await frame();
      frames.push(now - last);
      last = now;
    }
    window.removeEventListener('message', listen);
    observer.disconnect();
    return { seconds: (last - start) / 1000, frames, longTasks, messages };
  }, seconds);
}

/** How long a pause may take to show before it counts as failed. */
const PAUSE_LIMIT_MS = 10_000;

/**
 * Pauses the run by a click and resumes it.
 *
 * @returns milliseconds from the click, as the browser received it, to the frame that shows "Paused".
 */
export async function pauseMs(panel: Panel): Promise<number> {
  // The promise is within an object, for its handle to be here before it is fulfilled.
  const pause = await panel.frame.locator('body').evaluateHandle((body, limitMs) => {
    const shown = new Promise<number>((resolve, reject) => {
      const clicked = ({ timeStamp }: Event): void => {
        const look = (): void => {
          const waitedMs = performance.now() - timeStamp;
          const word = body.querySelector('[data-testid="state"]')?.textContent ?? '';
          if (word === 'Paused') resolve(waitedMs);
          else if (waitedMs > limitMs) reject(new Error(`${limitMs} ms after a click on Pause, the run is "${word}".`));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      };
      body.addEventListener('click', clicked, { capture: true, once: true });
    });
    return { shown };
  }, PAUSE_LIMIT_MS);
  await panel.click('button-pause');
  const waitedMs = await pause.evaluate(({ shown }) => shown);
  await panel.click('button-resume');
  await panel.waitForText('state', (state) => state === 'Running');
  return waitedMs;
}

/** What is alive on the page's heap, its array buffers too. */
export async function liveBytes(devTools: CDPSession): Promise<number> {
  await devTools.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = await devTools.send('Runtime.getHeapUsage');
  return usedSize + backingStorageSize;
}
