import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { sampleText } from '../../src/text/sampleText.ts';
import type { CanvasPixels } from '../workbench/panel.ts';
import { projectRoot } from '../workbench/paths.ts';
import { SAMPLE } from '../workbench/sampleRun.ts';
import { Session, type SessionOptions } from '../workbench/session.ts';

export { SAMPLE, train } from '../workbench/sampleRun.ts';

export const CHARTS = ['chart-loss', 'chart-heatmap', 'chart-steps', 'chart-totals', 'chart-update'] as const;

/** A VS Code for all tests of one file, with the sample text in its folder; call the result within tests. */
export function freshSession(options: SessionOptions = {}): () => Session {
  let session: Session | undefined;
  before(async () => {
    session = await Session.start({ ...options, files: { [SAMPLE]: sampleText(), ...options.files } });
  });
  after(() => session?.close());
  return () => {
    assert.ok(session, 'VS Code did not start');
    return session;
  };
}

/** Scrolls to a chart and waits until it is drawn: a tenth of a percent would be an empty frame with its axes. */
export async function drawn(session: Session, chart: string): Promise<CanvasPixels> {
  await session.panel.testId(chart).scrollIntoViewIfNeeded();
  return session.panel.waitForPixels(chart, ({ inkShare, colours }) => inkShare > 0.01 && colours > 8);
}

/** A picture of the window; of a failed step too, so that a person sees what the test saw. */
export async function pictured(session: Session, name: string, steps: () => Promise<void>): Promise<void> {
  try {
    await steps();
    await session.screenshot(name);
  } catch (error) {
    await session.screenshot(`failed-${name}`);
    throw error;
  }
}

/** Makes a picture the README's, where the environment asks for it. */
export function keepForReadme(picture: string, name: string): void {
  if (process.env.RNN_README_PICTURE === '1') copyFileSync(picture, join(projectRoot, 'media', name));
}
