import { type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { installLocked, installOnce, installPinned, type PinnedPackage } from './installOnce.ts';
import { endGroup, runCommand, spawnGroup } from './processes.ts';

/** The release of the npm package `code-server`, and with it of VS Code (1.139.1). */
const codeServer: PinnedPackage = {
  name: 'code-server',
  version: '4.139.1',
  integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};

const startTimeoutMs = 60_000;

/** The folder of VS Code within an installed `code-server`. */
const vscodeWithin = join('node_modules', 'code-server', 'lib', 'vscode');
const mainWithin = join(vscodeWithin, 'out', 'server-main.js');

/**
 * Installs VS Code for the browser into the cache, once. The native parts that install scripts would build are optional to
 * it.
 *
 * @returns the path of the script that is VS Code's server.
 */
export async function installCodeServer(): Promise<string> {
  const folder = await installOnce(`${codeServer.name}-${codeServer.version}`, async (unfinished) => {
    await installPinned(unfinished, codeServer);
    // The lock of what VS Code itself needs came along.
    await installLocked(join(unfinished, vscodeWithin));
  });
  return join(folder, mainWithin);
}

/** Where a VS Code keeps a person's settings and extensions; see profile.ts. */
export interface ProfileFolders {
  readonly userData: string;
  readonly extensions: string;
}

function profileArguments(profile: ProfileFolders): string[] {
  return [
    '--accept-server-license-terms',
    '--disable-telemetry',
    '--server-data-dir',
    profile.userData,
    '--user-data-dir',
    profile.userData,
    '--extensions-dir',
    profile.extensions,
  ];
}

/** Without the variables of a VS Code around this process (an integrated terminal), which would tie the new one to it. */
function serverEnvironment(added: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_)/.test(name));
  return { ...Object.fromEntries(inherited), ...added };
}

/** Installs a packaged extension into a profile, as *Install from VSIX* does. */
export async function installVsix(vsix: string, profile: ProfileFolders): Promise<void> {
  const main = await installCodeServer();
  await runCommand(process.execPath, [main, ...profileArguments(profile), '--install-extension', vsix, '--force'], {
    env: serverEnvironment({}),
    timeoutMs: startTimeoutMs,
  });
}

export interface ServerOptions {
  readonly profile: ProfileFolders;
  /** Arguments of VS Code's server besides those for the profile and the address. */
  readonly arguments?: readonly string[];
  /** Environment variables that extensions shall see. */
  readonly env?: NodeJS.ProcessEnv;
  /** A free one by default. */
  readonly port?: number;
}

/** How to reach a server. */
export interface ServerPlace {
  readonly port: number;
  readonly token: string;
  readonly pid: number;
}

/** A running VS Code that waits for a browser. */
export class CodeServer {
  /** None where another process started it. */
  private readonly child: ChildProcess | undefined;
  /** Resolves when the server ends by itself. */
  readonly ended: Promise<unknown>;
  readonly port: number;
  /** Opens this VS Code and none other: without its token the server answers nothing, not even to this machine's other users. */
  readonly token: string;
  /** Of the process that starts all others of this VS Code. */
  readonly pid: number;

  private constructor({ port, token, pid }: ServerPlace, child?: ChildProcess) {
    this.child = child;
    this.ended = child === undefined ? new Promise(() => undefined) : once(child, 'exit');
    this.port = port;
    this.token = token;
    this.pid = pid;
  }

  /** One that another process started and will stop. */
  static at(place: ServerPlace): CodeServer {
    return new CodeServer(place);
  }

  /** @throws {Error} with the server's output, when it does not come up. */
  static async start(options: ServerOptions): Promise<CodeServer> {
    const main = await installCodeServer();
    const token = randomBytes(16).toString('hex');
    const child = spawnGroup(
      process.execPath,
      [
        main,
        ...profileArguments(options.profile),
        ...['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--connection-token', token],
        ...(options.arguments ?? []),
      ],
      { env: serverEnvironment(options.env ?? {}), stdio: ['ignore', 'pipe', 'pipe'] },
    );
    try {
      const port = await portOf(child);
      if (child.pid === undefined) throw new Error("VS Code's server has ended.");
      return new CodeServer({ port, token, pid: child.pid }, child);
    } catch (error) {
      await endGroup(child);
      throw error;
    }
  }

  /** The address for a browser, with a folder open and VS Code's own parameters given to its window. */
  address(folder: string, payload: readonly (readonly [string, string])[] = []): string {
    const url = new URL(`http://127.0.0.1:${this.port}/`);
    url.searchParams.set('tkn', this.token);
    url.searchParams.set('folder', uriPath(folder));
    if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
    return url.href;
  }

  /** The address of a file or folder of this machine as the window knows it. */
  remoteUri(path: string): string {
    return `vscode-remote://127.0.0.1:${this.port}${uriPath(path)}`;
  }

  /** Ends it, where this process started it. */
  async stop(): Promise<void> {
    if (this.child !== undefined) await endGroup(this.child);
  }
}

/** A path with slashes, beginning with one: `C:\a` is `/C:/a`. */
function uriPath(path: string): string {
  const slashes = path.replaceAll('\\', '/');
  return slashes.startsWith('/') ? slashes : `/${slashes}`;
}

/** Waits until the server says on which port it listens. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`VS Code's server ${why}:\n${output.slice(-4000)}`));
    };
    const timer = setTimeout(() => fail(`was not up within ${startTimeoutMs} ms`), startTimeoutMs);
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    child.once('exit', (code) => fail(`ended with code ${code ?? 'none'}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-20_000);
        const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
        if (port === undefined) return;
        clearTimeout(timer);
        resolve(Number(port));
      });
    }
  });
}
