import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleText } from '../../src/text/sampleText.ts';
import { cacheFolder } from './paths.ts';

/** Writes the sample text into a folder of its own and returns the path of the file. */
export function writeSample(): string {
  const folder = join(cacheFolder, 'sample');
  const file = join(folder, 'sample.txt');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, sampleText());
  return file;
}
