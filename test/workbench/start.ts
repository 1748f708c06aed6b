import { once } from 'node:events';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { launchBrowser } from './browser.ts';
import { CodeServer, installVsix } from './codeServer.ts';
import { chooseVSCode, desktopVersion, openInBrowser } from './desktop.ts';
import { Panel } from './panel.ts';
import { cacheFolder, vsixFile } from './paths.ts';
import { endGroup, runCommand, runNpm, spawnGroup } from './processes.ts';
import { Profile } from './profile.ts';
import { VSCodeWindow } from './window.ts';
import { writeSample } from './writeSample.ts';

/**
 * `npm start [-- FILE]`: a real VS Code with the packaged extension in it, a text open and training in the panel. Its profile
 * is its own, so that the person's VS Code is not touched.
 */

const usage = `Usage: npm start [-- [FILE] [--port N] [--screenshot OUT.png]]
  FILE                  the text to train on; the sample text when there is none
  --port N              the port of VS Code in the browser; a free one by default
  --screenshot OUT.png  look at it in a headless browser, write a picture of the training panel, and end`;

/** Enough iterations for every chart of the picture to hold something. */
const pictureIterations = 50;
const pictureMs = 180_000;

interface Start {
  /** The text to train on, an absolute path. */
  readonly file: string;
  readonly port: number | undefined;
  /** Where the picture goes, an absolute path. */
  readonly screenshot: string | undefined;
}

/** The extension starts training on this file as soon as VS Code is up. */
function trainingEnvironment(file: string): Record<string, string> {
  return { RNN_INSPECTOR_TRAIN: file };
}

/** @throws {Error} with one line for the person. */
function readArguments(): Start | 'help' {
  const { values, positionals } = parseArgs({
    options: {
      port: { type: 'string' },
      screenshot: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help === true) return 'help';
  if (positionals.length > 1) throw new Error(`One file can be opened, not ${positionals.length}.`);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    throw new Error(`--port is "${values.port ?? ''}"; it must be a whole number from 1 to 65535.`);
  }
  const [given] = positionals;
  // npm runs scripts in the project's folder; what the person typed is meant from where they typed it.
  const from = process.env.INIT_CWD ?? process.cwd();
  const file = given === undefined ? writeSample() : resolve(from, given);
  if (!existsSync(file) || !statSync(file).isFile()) throw new Error(`There is no file ${file}.`);
  return { file, port, screenshot: values.screenshot === undefined ? undefined : resolve(from, values.screenshot) };
}

async function startInBrowser({ file, port, screenshot }: Start, profile: Profile): Promise<void> {
  await installVsix(vsixFile, profile);
  const server = await CodeServer.start({
    profile,
    env: trainingEnvironment(file),
    arguments: ['--disable-workspace-trust'],
    ...(port === undefined ? {} : { port }),
  });
  const address = server.address(dirname(file));
  if (screenshot !== undefined) {
    await takePicture(address, profile, screenshot);
    await server.stop();
    return;
  }
  const opened = openInBrowser(address);
  console.log(`\nVS Code trains on ${basename(file)} at\n\n  ${address}\n`);
  console.log(`${opened ? 'Your browser shows it.' : 'Open this address in a browser.'} Ctrl-C ends it.`);
  // The address holds the token of this server, which ends with this process.
  await server.ended;
  throw new Error('VS Code’s server ended.');
}

async function takePicture(address: string, profile: Profile, path: string): Promise<void> {
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  await new VSCodeWindow(page, profile).open(address);
  const iteration = await new Panel(page).waitForNumber('iteration', (count) => count > pictureIterations, pictureMs);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path });
  await browser.close();
  console.log(`The panel at iteration ${iteration}: ${path}`);
}

async function startOnDesktop({ file }: Start, profile: Profile): Promise<void> {
  const executable = await downloadAndUnzipVSCode({ cachePath: cacheFolder, version: desktopVersion() });
  const [cli, ...cliArguments] = resolveCliArgsFromVSCodeExecutablePath(executable, { reuseMachineInstall: true });
  if (cli === undefined) throw new Error('The downloaded VS Code has no command line.');
  const folders = ['--user-data-dir', profile.userData, '--extensions-dir', profile.extensions];
  // On Windows the command line is a batch file, which only a shell can start.
  const [command, ...before] = process.platform === 'win32' ? ['cmd.exe', '/d', '/c', cli] : [cli];
  if (command === undefined) throw new Error('The downloaded VS Code has no command line.');
  await runCommand(command, [...before, ...cliArguments, ...folders, '--install-extension', vsixFile, '--force']);
  console.log('VS Code opens its window. Closing it, or Ctrl-C, ends it.');
  const window = spawnGroup(executable, [...folders, '--disable-workspace-trust', dirname(file), file], {
    env: { ...process.env, ...trainingEnvironment(file) },
    stdio: 'ignore',
  });
  await once(window, 'exit');
  await endGroup(window);
}

async function main(): Promise<number> {
  let start: Start | 'help';
  try {
    start = readArguments();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  if (start === 'help') {
    console.log(usage);
    return 0;
  }
  // A picture is taken in the headless browser, whatever else is there.
  const choice = start.screenshot === undefined ? await chooseVSCode() : 'server';
  console.log('Building and packaging the extension …');
  await runNpm(['run', '--silent', 'package']);
  // The default of 20 epochs of the sample text would be over before a person has looked around.
  const profile = new Profile(join(cacheFolder, 'start'), { 'rnnInspector.maxEpochs': 1000 });
  await (choice === 'desktop' ? startOnDesktop(start, profile) : startInBrowser(start, profile));
  return 0;
}

process.exitCode = await main();
