import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CodeServer, installVsix } from './codeServer.ts';
import { extensionId, vsixFile } from './paths.ts';
import { Profile, type VSCodeSettings } from './profile.ts';
import { removeFolder, temporaryFolder } from './temporaryFolder.ts';

/** Holds, for the processes of test files, where the VS Code is that they share. */
const variable = 'RNN_SHARED_VSCODE';

interface Shared {
  readonly port: number;
  readonly token: string;
  readonly pid: number;
  /** The folder of its profile. */
  readonly home: string;
}

/**
 * Starts a VS Code with the packaged extension installed. Takes about five seconds.
 * @param home of its profile.
 */
export async function startWithExtension(
  home: string,
  settings: VSCodeSettings = {},
): Promise<{ server: CodeServer; profile: Profile }> {
  const profile = new Profile(home, settings);
  await installVsix(vsixFile, profile);
  // A server that is left by all of its windows ends.
  const server = await CodeServer.start({ profile, arguments: ['--enable-remote-auto-shutdown'] });
  return { server, profile };
}

/** A VS Code with the packaged extension, for several test files one after the other. */
export class SharedVSCode {
  readonly #server: CodeServer;
  readonly #home: string;

  private constructor(server: CodeServer, home: string) {
    this.#server = server;
    this.#home = home;
  }

  static async start(): Promise<SharedVSCode> {
    const home = temporaryFolder('shared-');
    const { server } = await startWithExtension(home);
    return new SharedVSCode(server, home);
  }

  /** Variables by which a test file finds it. */
  get environment(): NodeJS.ProcessEnv {
    const { port, token, pid } = this.#server;
    return { [variable]: JSON.stringify({ port, token, pid, home: this.#home } satisfies Shared) };
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    removeFolder(this.#home);
  }

  /** The one that this process was given, with these settings and without anything that earlier windows left; undefined without one. */
  static ofThisProcess(settings: VSCodeSettings): { server: CodeServer; profile: Profile } | undefined {
    const given = process.env[variable];
    if (given === undefined || given === '') return undefined;
    const { home, ...where } = JSON.parse(given) as Shared;
    const profile = new Profile(home);
    profile.reset(settings);
    rmSync(join(profile.userData, 'User', 'globalStorage', extensionId), { recursive: true, force: true });
    return { server: CodeServer.at(where), profile };
  }
}
