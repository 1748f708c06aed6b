import { element } from '../../dom.ts';
import { mathText, mathTree, wrappedParts, type Formula, type MathNode } from './mathMarkup.ts';

const NAMESPACE = 'http://www.w3.org/1998/Math/MathML';

/** A formula as MathML, with its plain text for those who cannot see it. */
export function mathElement(formula: Formula, testId?: string): Element {
  const parts = wrappedParts(formula);
  if (parts.length === 1) return lineOf(formula, testId);
  // MathML does not break lines: a long sum is several formulas, which wrap where the panel is narrow.
  const wrapped = element('span', {
    class: 'wrapped-math',
    role: 'math',
    'aria-label': mathText(formula),
    'data-testid': testId,
  });
  wrapped.append(...parts.map((markup) => lineOf({ markup })));
  return wrapped;
}

function lineOf(formula: Formula, testId?: string): MathMLElement {
  const math = document.createElementNS(NAMESPACE, 'math');
  math.setAttribute('aria-label', mathText(formula));
  if (testId !== undefined) math.setAttribute('data-testid', testId);
  math.append(build(mathTree(formula)));
  return math;
}

function build({ tag, text, children }: MathNode): MathMLElement {
  const created = document.createElementNS(NAMESPACE, tag);
  if (text !== undefined) created.textContent = text;
  if (tag === 'mtable') created.setAttribute('class', 'math-cases');
  if (tag === 'mfrac') created.setAttribute('displaystyle', 'true');
  if (tag === 'mover') created.setAttribute('accent', 'true');
  if (tag === 'mspace') created.setAttribute('width', '0.2em');
  created.append(...(children ?? []).map(build));
  return created;
}
