import { join } from 'node:path';

/** The project's top folder. */
export const projectRoot = join(import.meta.dirname, '..', '..');

/** Everything that is downloaded or written for a run of VS Code; git, the linters and the package ignore it. */
export const cacheFolder = join(projectRoot, '.vscode-test');

/** What `npm run package` writes. */
export const vsixFile = join(projectRoot, 'rnn-gradient-inspector.vsix');

/** The identifier of the extension, publisher and name, as VS Code knows it. */
export const extensionId = 'side-b.rnn-gradient-inspector';
