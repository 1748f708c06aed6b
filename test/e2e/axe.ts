import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Panel } from '../workbench/panel.ts';

/** What axe-core finds in the panel. */

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Findings that keep people out. */
const GRAVE = ['serious', 'critical'];
const OPTIONS: RunOptions = {
  resultTypes: ['violations'],
  // Experimental rules are off by themselves.
  rules: { 'label-content-name-mismatch': { enabled: true } },
};

/** What is serious or critical in the page of the panel as it stands, a line each: the rule, what it is about, and why. */
export async function graveFindings(panel: Panel): Promise<string[]> {
  const body = await panel.frame.locator('body').elementHandle();
  const frame = await body?.ownerFrame();
  if (body === null || frame === null || frame === undefined) throw new Error('The panel has no frame.');
  // Given as text, it is run by the debugger: the policy of the page lets no other script in.
  await frame.evaluate(`typeof axe === 'undefined' ? void (() => { ${source} })() : undefined`);
  const { violations } = await frame.evaluate<AxeResults, RunOptions>(async (options) => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    // The page lets the ground of the window around it through, of which axe knows nothing.
    const { style } = document.documentElement;
    style.backgroundColor = 'var(--vscode-editor-background)';
    try {
      return await axe.run(document, options);
    } finally {
      style.backgroundColor = '';
    }
  }, OPTIONS);
  return violations
    .filter(({ impact }) => impact !== undefined && impact !== null && GRAVE.includes(impact))
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary, html }) =>
          `${id}: ${target.join(' ')}: ${failureSummary ?? ''} ${html.slice(0, 200)}`,
      ),
    );
}
