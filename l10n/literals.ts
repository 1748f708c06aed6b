import ts from 'typescript';
import { isTranslation, type Said } from './strings.ts';

/**
 * Finds words in the sources that a person may read and that no translation reaches. It goes by how they look: two words, or one that
 * begins with a capital; and leaves out where words are for programs: types, comparisons, names of classes, logs, errors of programming.
 */

/** Two words, or one as a label has it. */
const WORDS = /\p{Ll}{2,},?:? +\p{L}+|^\p{Lu}\p{Ll}{2,}…?$/u;
/** CSS, HTML, code and queries hold words too. */
const NO_WORDS = /\bvar\(|<\/?\w+|=>|^[@#.[]|\d+px|^\W*\w+\/\w+/;
/** Called with words that only those read who work on the program. */
const UNREAD_CALLS =
  /^(RangeError|TypeError|SyntaxError|log\.\w+|.*\.(info|debug|report|regex|test|check|startsWith|endsWith|includes)|matchMedia)$/;
/** Properties and attributes whose words are names. */
const UNREAD_NAMES = /^(class|id|role|type|style|rel|href|font|name|command|group|when|data-.*|.*[Kk]ey)$/;

/** The literals in one file that look like words for people, with their places. */
export function literalsIn(file: string, source: string): (Said & { readonly message: string })[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  return literalNodes(tree).map(({ node, message }) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
    return { message, place: `${file}:${line + 1}` };
  });
}

/** The same as they stand in the tree of a file. */
export function literalNodes(tree: ts.SourceFile): { readonly node: ts.Node; readonly message: string }[] {
  const found: { readonly node: ts.Node; readonly message: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTranslation(node)) {
      // The values that a text is filled with may hold words themselves.
      for (const value of node.arguments.slice(1)) visit(value);
      return;
    }
    if (isUnread(node)) return;
    const message = textOf(node);
    if (message !== undefined && WORDS.test(message) && !NO_WORDS.test(message)) found.push({ node, message });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** The text of a literal, with braces in the places of its values. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('');
}

/** Whether nothing within a node is for people. */
function isUnread(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true;
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const called = node.expression
      .getText()
      .replace(/^this\./, '')
      .replaceAll('#', '');
    return UNREAD_CALLS.test(called);
  }
  if (ts.isPropertyAssignment(node)) {
    const { name, initializer } = node;
    const isText = ts.isStringLiteralLike(initializer) || ts.isTemplateExpression(initializer);
    return isText && UNREAD_NAMES.test(ts.isStringLiteralLike(name) ? name.text : name.getText());
  }
  if (!ts.isStringLiteralLike(node)) return false;
  const { parent } = node;
  return ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText());
}
