import { pathToFileURL } from 'node:url';

/** Runs the tests of several files in one process, which starts Node and reads the sources that they share once. */
for (const file of process.argv.slice(2)) await import(pathToFileURL(file).href);
