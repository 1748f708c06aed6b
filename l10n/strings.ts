import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Finds what the sources say to people by `l10n.t`. `@vscode/l10n-dev` looks for VS Code's own function alone, which only the host has. */

const ROOT = join(import.meta.dirname, '..');

/** A call of `l10n.t`. */
export interface Said {
  /** In English; undefined where the text is not written out at the call, so that nobody could translate it. */
  readonly message: string | undefined;
  /** As `src/host/message.ts:12`. */
  readonly place: string;
}

/** Every call of `l10n.t` in the sources, file by file. */
export function allSaid(): Said[] {
  const files = globSync('src/**/*.ts', { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'));
  return files.sort().flatMap((file) => saidIn(file, readFileSync(join(ROOT, file), 'utf8')));
}

/** The calls in one file. */
export function saidIn(file: string, source: string): Said[] {
  const found: Said[] = [];
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTranslation(node)) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      const [message] = node.arguments;
      const isWritten = message !== undefined && ts.isStringLiteralLike(message);
      found.push({ message: isWritten ? message.text : undefined, place: `${file}:${line + 1}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Whether a call is one of `l10n.t`. */
export function isTranslation({ expression: called }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(called) &&
    called.name.text === 't' &&
    ts.isIdentifier(called.expression) &&
    called.expression.text === 'l10n'
  );
}

/** The texts of all calls, each once, in the order in which bundles have them. */
export function messages(said: readonly Said[]): string[] {
  return [...new Set(said.flatMap(({ message }) => message ?? []))].sort();
}

/** The names in braces, each as often as it is there, in the order of the alphabet. */
export function placeholders(text: string): string[] {
  return Array.from(text.matchAll(/\{([^{}]+)\}/g), ([, name]) => name).sort();
}

/** A file of texts by their keys, in the project's folder. */
export function textsIn(path: string): Record<string, string> {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Record<string, string>;
}

/** The path of a file in the project's folder. */
export function inProject(path: string): string {
  return join(ROOT, path);
}
