#!/usr/bin/env node
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { CodeServer } from './codeServer.ts';
import { ConsoleErrors } from './consoleErrors.ts';
import { endWithParent } from './processes.ts';
import { Profile } from './profile.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/**
 * Stands in for the executable of the desktop VS Code: takes the arguments that `runTests` of @vscode/test-electron gives
 * it, runs the tests in the extension host of a VS Code in a headless browser, and ends with their exit code.
 */

/** How long all tests together may take, so that a test that hangs ends the run. */
const testsTimeoutMs = 5 * 60_000;

/** Waits for what VS Code's test driver calls in the page at the end of the tests; shows the errors of a run that failed. */
async function untilTestsEnd(page: Page, address: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const errors = new ConsoleErrors(page);
  // VS Code looks for this function before it takes a window for one under test; the page's console has the same lines.
  await page.exposeFunction('codeAutomationLog', () => undefined);
  await page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
  page.on('crash', () => reject(new Error('The page of VS Code crashed.')));
  page.on('close', () => reject(new Error('The page of VS Code was closed.')));
  const timer = setTimeout(
    () => reject(new Error(`The tests did not end within ${testsTimeoutMs} ms.`)),
    testsTimeoutMs,
  );
  try {
    await page.goto(address);
    const code = await promise;
    if (code !== 0) console.error(errors.take().join('\n'));
    return code;
  } finally {
    clearTimeout(timer);
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
    allowPositionals: true,
    // The flags that only a desktop has a use for.
    strict: false,
  });
  const { extensionDevelopmentPath: extension, extensionTestsPath: tests } = values;
  if (typeof extension !== 'string' || typeof tests !== 'string') {
    throw new Error('Both --extensionDevelopmentPath and --extensionTestsPath are needed.');
  }
  const server = await CodeServer.start({
    profile: new Profile(temporaryFolder('profile-')),
    // Without its test driver a release of VS Code takes no extension from the address.
    arguments: ['--disable-workspace-trust', '--enable-smoke-test-driver', '--enable-remote-auto-shutdown'],
    env: process.env,
  });
  try {
    const browser = await launchBrowser();
    try {
      const address = server.address(positionals[0] ?? extension, [
        ['extensionDevelopmentPath', server.remoteUri(extension)],
        ['extensionTestsPath', server.remoteUri(tests)],
        ['skipWelcome', 'true'],
      ]);
      return await untilTestsEnd(await browser.newPage({ viewport: { width: 1440, height: 900 } }), address);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

endWithParent();
process.exitCode = await main();
