import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { sampleText } from '../../src/text/sampleText.ts';
import type { CanvasPixels } from '../workbench/panel.ts';
import { projectRoot } from '../workbench/paths.ts';
import { SAMPLE } from '../workbench/sampleRun.ts';
import { Session, type SessionOptions } from '../workbench/session.ts';

export { SAMPLE, train } from '../workbench/sampleRun.ts';

export const CHARTS = ['chart-loss', 'chart-heatmap', 'chart-steps', 'chart-totals', 'chart-update'] as const;

/**
 * A window for all tests of one file, with the sample text in its folder; call the result within tests. Of a test that fails there is
 * a picture, and what the extension and the settings say is printed.
 */
export function freshSession(options: SessionOptions = {}): () => Session {
  let session: Session | undefined;
  before(async () => {
    session = await Session.start({ ...options, files: { [SAMPLE]: sampleText(), ...options.files } });
  });
  afterEach(async (context) => {
    if (session === undefined || ('passed' in context && context.passed === true)) return;
    await session.screenshot(`failed-${context.name.slice(0, 60).replaceAll(/[^\w-]+/g, '-')}`);
    console.log(session.diagnosis());
  });
  after(() => session?.close());
  return () => {
    assert.ok(session, 'VS Code did not start');
    return session;
  };
}

/** Chooses a tab and waits for its page, which comes with the next frame. */
export async function openTab({ panel }: Session, tab: string): Promise<void> {
  await panel.click(`tab-${tab}`);
  await panel.frame.locator(`#page-${tab}`).waitFor();
}

/**
 * Scrolls to a chart and waits until it is drawn in the size that its figure has now: a tenth of a percent would be an empty frame with
 * its axes.
 */
export async function drawn(session: Session, chart: string): Promise<CanvasPixels> {
  await session.panel.testId(chart).scrollIntoViewIfNeeded();
  return session.panel.waitForPixels(chart, ({ fits, inkShare, colours }) => fits && inkShare > 0.01 && colours > 8);
}

/** The number after the word "iteration" in a message, digits grouped by commas or spaces. */
export function iterationIn(message: string): number {
  const [, digits] = /iteration ([\d,\s]*\d)/.exec(message) ?? [];
  assert.ok(digits !== undefined, message);
  return Number(digits.replaceAll(/[^\d]/g, ''));
}

/** Steps, and where pictures are made one of what they led to. */
export async function pictured(session: Session, name: string, steps: () => Promise<void>): Promise<void> {
  await steps();
  await session.picture(name);
}

/** Makes a picture the README's, where the environment asks for it. */
export function keepForReadme(picture: string, name: string): void {
  if (process.env.RNN_README_PICTURE === '1') copyFileSync(picture, join(projectRoot, 'media', name));
}
