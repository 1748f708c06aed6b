import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

let place: string | undefined;

/**
 * Where the numbers of processes mean the same: this machine since it was started, and on Linux this container, since
 * containers may share the machine's name but do not see each other's processes.
 */
export function processPlace(): string {
  place ??= [
    hostname(),
    orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    orNothing(() => readlinkSync('/proc/self/ns/pid')),
  ].join(' ');
  return place;
}

/** Only Linux has these files. */
function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
