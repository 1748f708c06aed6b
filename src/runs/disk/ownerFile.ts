import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { l10n } from '../../common/l10n.ts';
import { shownLine } from '../../common/foreignText.ts';
import { diskFiles, readFully } from './files.ts';

/** `owner.json` beside a run's lock: who holds it. */

const NAME = 'owner.json';
const MAX_BYTES = 64 * 1024;

export const Owner = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** The machine's name. */
  host: v.pipe(v.string(), v.maxLength(1024)),
  /** What kind of program it is: "VS Code window", "headless form". */
  window: v.pipe(v.string(), v.maxLength(1024)),
});
export type Owner = v.InferOutput<typeof Owner>;

/** `token` tells one acquisition from the next; `place` says in which system `pid` means something. */
const OwnerFile = v.object({ ...Owner.entries, token: v.string(), place: v.string() });
export type OwnerFile = v.InferOutput<typeof OwnerFile>;

/** Stands for the owner of a lock whose `owner.json` is not there: it comes after the lock and goes before it. */
export const UNKNOWN: Owner = { pid: 1, host: 'an unknown host', window: 'owner of its lock' };

/** Characters of a name in a message. */
const LONGEST_NAME = 60;

/** This process as an owner. */
export function thisOwner(window: string): Owner {
  return { pid: process.pid, host: hostname(), window };
}

/** "VS Code window on host tower (process 4711)". */
export function describeOwner({ pid, host, window }: Owner): string {
  const [program, machine] = [shownLine(window, LONGEST_NAME), shownLine(host, LONGEST_NAME)];
  return host === UNKNOWN.host ? program : l10n.t('{program} on {machine} (process {pid})', { program, machine, pid });
}

export function ownerFilePath(folder: string): string {
  return join(folder, NAME);
}

/** Undefined where there is none, or it is not what it should be. */
export async function readOwner(folder: string): Promise<OwnerFile | undefined> {
  try {
    const file = await diskFiles.open(ownerFilePath(folder), 'r');
    try {
      const { size } = await file.stat();
      if (size > MAX_BYTES) return undefined;
      const bytes = new Uint8Array(size);
      return parseOwner(new TextDecoder().decode(bytes.subarray(0, await readFully(file, bytes, 0))));
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** Undefined for what is no owner. */
export function parseOwner(text: string): OwnerFile | undefined {
  try {
    const parsed = v.safeParse(OwnerFile, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
