/**
 * Formulas as they are written in MATH.md, and a little more: `{a|b}` is a fraction, a subscript follows an underscore, and
 * ᵀ, ², ᵏ, ⁻⁶ and a layer as ⁽²⁾ stand behind what they raise, √ before a name is its root. They become MathML; this file has no DOM, so that it can be tested without one.
 */
export interface MathNode {
  readonly tag:
    | 'mrow'
    | 'mi'
    | 'mo'
    | 'mn'
    | 'mtext'
    | 'msub'
    | 'msup'
    | 'msubsup'
    | 'msqrt'
    | 'mover'
    | 'mfrac'
    | 'mtable'
    | 'mtr'
    | 'mtd'
    | 'mspace';
  readonly text?: string;
  readonly children?: readonly MathNode[];
}

/** A formula in one line, or one whose right side depends on the class. */
export interface Formula {
  readonly markup: string;
  /** What stands behind the brace: an expression and when it holds. */
  readonly cases?: readonly (readonly [expression: string, condition: string])[];
}

/** ᵀ is a letter too, but neither upper nor lower case. */
const TOKEN =
  /\s+|(\d+(?:\.\d+)?)|([\p{Lu}\p{Ll}\p{Mn}]+)(?:_([\p{Lu}\p{Ll}]+))?|(⁽[⁰¹²³⁴⁵⁶⁷⁸⁹]+⁾|⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[ᵀ²ᵏ])|([^\s])/uy;
/** What is applied to what follows, and stands a little apart from it. */
const FUNCTIONS: readonly string[] = ['log', 'tanh', 'softmax', 'σ', 'ReLU'];
/** The circumflex of m̂, for which there is no letter as for ŷ. */
const HAT = '\u0302';
const SPACE: MathNode = { tag: 'mspace' };
const RAISED: Readonly<Record<string, MathNode>> = {
  ᵀ: { tag: 'mi', text: '⊤' },
  '²': { tag: 'mn', text: '2' },
  ᵏ: { tag: 'mi', text: 'k' },
};
/** The signs of a layer or an exponent, as they are written when they are not raised. */
const LOWERED: Readonly<Record<string, string>> = {
  '⁽': '(',
  '⁾': ')',
  '⁻': '−',
  ...Object.fromEntries(Array.from('⁰¹²³⁴⁵⁶⁷⁸⁹', (digit, value) => [digit, String(value)])),
};

/** @throws {RangeError} for a fraction that is not closed. */
export function mathTree({ markup, cases }: Formula): MathNode {
  const row = parsed(markup);
  if (cases === undefined) return row;
  const table: MathNode = {
    tag: 'mtable',
    children: cases.map(([expression, condition]) => ({
      tag: 'mtr',
      children: [
        { tag: 'mtd', children: [parsed(expression)] },
        { tag: 'mtd', children: [{ tag: 'mtext', text: condition }] },
      ],
    })),
  };
  return { tag: 'mrow', children: [...(row.children ?? []), table] };
}

/** The formula in one line of plain text, for names and tooltips. */
export function mathText({ markup, cases }: Formula): string {
  const inParentheses = (part: string): string => (part.includes(' ') ? `(${part})` : part);
  const plain = (text: string): string =>
    text.replaceAll(
      /\{([^|{}]*)\|([^|{}]*)\}/g,
      (_, above: string, below: string) => `${inParentheses(above)}/${inParentheses(below)}`,
    );
  return [plain(markup), (cases ?? []).map(([expression, when]) => `${plain(expression)} (${when})`).join('; ')]
    .filter((part) => part !== '')
    .join(' ');
}

/** Terms up to which a sum stays in one line, as every one of an Elman cell does. */
const MOST_IN_LINE = 3;
/** Signs up to which fewer terms do: the longest sums of an Elman cell have 36. */
const LONGEST_IN_LINE = 44;

/**
 * The parts between which a formula may be broken: a long sum before each of its pluses, a long product before each of its signs, anything
 * else nowhere.
 */
export function wrappedParts({ markup, cases }: Formula): string[] {
  const terms = brokenBefore('+', markup);
  const isLong = terms.length > MOST_IN_LINE || markup.length > LONGEST_IN_LINE;
  if (cases !== undefined || !isLong) return [markup];
  return terms.flatMap((term) => (term.length > LONGEST_IN_LINE ? brokenBefore('⊙', term) : [term]));
}

/** What stands between the signs of an operation outside of all brackets, each part with the sign before it. */
function brokenBefore(sign: string, markup: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const part of markup.split(new RegExp(`(?= [${sign}] )|(?<= [${sign}] )|(?=[(){}])`))) {
    if (/^[({]/.test(part)) depth++;
    if (/^[)}]/.test(part)) depth--;
    if (part === ` ${sign} ` && depth === 0) parts.push(`${sign} `);
    else parts[parts.length - 1] += part;
  }
  return parts;
}

function parsed(markup: string): MathNode {
  const nodes: MathNode[] = [];
  let rest = markup;
  while (rest !== '') {
    if (rest.startsWith('{')) {
      const end = rest.indexOf('}');
      const bar = rest.indexOf('|');
      if (end < 0 || bar < 0 || bar > end) throw new RangeError(`the fraction in "${markup}" is not closed`);
      nodes.push({ tag: 'mfrac', children: [parsed(rest.slice(1, bar)), parsed(rest.slice(bar + 1, end))] });
      rest = rest.slice(end + 1);
      continue;
    }
    TOKEN.lastIndex = 0;
    const match = TOKEN.exec(rest);
    if (match === null) throw new RangeError(`"${rest}" in "${markup}" is no formula`);
    rest = rest.slice(match[0].length);
    addToken(nodes, match);
  }
  return { tag: 'mrow', children: rooted(nodes) };
}

/** What follows a √ goes under its root. */
function rooted(nodes: readonly MathNode[]): MathNode[] {
  return nodes.flatMap((node, at) => {
    if (node.text === '√') return [{ tag: 'msqrt', children: nodes.slice(at + 1, at + 2) }];
    return nodes[at - 1]?.text === '√' ? [] : [node];
  });
}

function addToken(nodes: MathNode[], [, digits, name, subscript, raised, operator]: RegExpExecArray): void {
  if (digits !== undefined) nodes.push({ tag: 'mn', text: digits });
  else if (name !== undefined) nodes.push(named(name, subscript), ...(FUNCTIONS.includes(name) ? [SPACE] : []));
  else if (raised !== undefined) raise(nodes, RAISED[raised] ?? layerNode(raised));
  else if (operator !== undefined) nodes.push({ tag: 'mo', text: operator });
}

function named(name: string, subscript: string | undefined): MathNode {
  const letter = letterNode(name);
  return subscript === undefined ? letter : { tag: 'msub', children: [letter, { tag: 'mi', text: subscript }] };
}

/** A letter in italics, with its hat above where that is a sign of its own; a longer name is upright. */
function letterNode(name: string): MathNode {
  const bare = name.replace(HAT, '');
  if (bare === name || bare.length > 1) return { tag: 'mi', text: name };
  return {
    tag: 'mover',
    children: [
      { tag: 'mi', text: bare },
      { tag: 'mo', text: '^' },
    ],
  };
}

/** A layer, `⁽²⁾`, as an exponent in parentheses, or a negative one, `⁻⁶`. */
function layerNode(raised: string): MathNode {
  return { tag: 'mtext', text: Array.from(raised, (sign) => LOWERED[sign]).join('') };
}

/** Puts an exponent on the last node; what already has a subscript, or a layer, carries both. */
function raise(nodes: MathNode[], exponent: MathNode): void {
  const base = lastOperand(nodes);
  const children = base.children ?? [];
  if (base.tag === 'msub') nodes.push({ tag: 'msubsup', children: [...children, exponent] });
  else if (base.tag === 'msup' || base.tag === 'msubsup') {
    const both: MathNode = { tag: 'mrow', children: [...children.slice(-1), exponent] };
    nodes.push({ tag: base.tag, children: [...children.slice(0, -1), both] });
  } else nodes.push({ tag: 'msup', children: [base, exponent] });
}

/** Takes off what an exponent belongs to: the last node, or all of `a(t)` where that is a closing parenthesis. */
function lastOperand(nodes: MathNode[]): MathNode {
  const last = nodes.pop();
  if (last === undefined) throw new RangeError('there is nothing to raise');
  if (last.text !== ')') return last;
  const open = nodes.findLastIndex(({ text }) => text === '(');
  if (open < 0) throw new RangeError('a parenthesis is closed that was not opened');
  const hasName = open > 0 && /^(?:mi|msub|msup|msubsup)$/.test(nodes[open - 1].tag);
  return { tag: 'mrow', children: [...nodes.splice(hasName ? open - 1 : open), last] };
}
