import { CELL_NAMES, type CellName, CELLS } from '../../network/cells.ts';
import { shown } from '../format/tensorSource.ts';
import { entriesOf } from './entries.ts';
import { nonlinearityRole } from './keys.ts';

export const NONLINEARITIES = ['tanh', 'relu'] as const;
export type Nonlinearity = (typeof NONLINEARITIES)[number];

/** What a file says of the nonlinearity of its recurrent layer: one that is known, another one by its words, or nothing. */
export type SaidNonlinearity =
  | { readonly kind: 'known'; readonly nonlinearity: Nonlinearity; readonly path: string }
  | { readonly kind: 'unknown'; readonly text: string; readonly path: string }
  | { readonly kind: 'contradictory'; readonly paths: readonly [string, string] }
  | { readonly kind: 'none' };

/** `tanh`, `Tanh()`, `torch.nn.functional.relu`, `<built-in method tanh …>` */
const WORDS: Readonly<Record<Nonlinearity, RegExp>> = { tanh: /\btanh\b/i, relu: /\brelu\b/i };
const MODES: Readonly<Record<Nonlinearity, RegExp>> = { tanh: /^rnn[-_ ]?tanh$/i, relu: /^rnn[-_ ]?relu$/i };
/** What `activation` may mean of the outputs. */
const OF_OUTPUTS = /softmax|sigmoid|linear|identity|none|null/i;

export function nonlinearityIn(metadata: ReadonlyMap<string, string>): SaidNonlinearity {
  const said: Exclude<SaidNonlinearity, { kind: 'none' | 'contradictory' }>[] = [];
  for (const { path, key, value } of entriesOf(metadata)) {
    const role = nonlinearityRole(key);
    if (role === undefined || typeof value !== 'string' || value === '') continue;
    const nonlinearity = NONLINEARITIES.find((name) => (role === 'mode' ? MODES : WORDS)[name].test(value));
    if (nonlinearity !== undefined) said.push({ kind: 'known', nonlinearity, path });
    else if (role === 'nonlinearity' && !isOfOutputs(key, value)) said.push({ kind: 'unknown', text: value, path });
  }
  const [first] = said;
  if (first === undefined) return { kind: 'none' };
  const other = said.find((one) => wordOf(one) !== wordOf(first));
  return other === undefined ? first : { kind: 'contradictory', paths: [first.path, other.path] };
}

function isOfOutputs(key: string, value: string): boolean {
  return /^act/i.test(key) && OF_OUTPUTS.test(value);
}

function wordOf(said: Extract<SaidNonlinearity, { path: string }>): string {
  return said.kind === 'known' ? said.nonlinearity : said.text;
}

/** The cell that `torch.nn.RNN` with this nonlinearity is. */
export function cellWith(nonlinearity: Nonlinearity): CellName | undefined {
  return CELL_NAMES.find((name) => CELLS[name].torch?.nonlinearity === nonlinearity);
}

/** Why a network with this nonlinearity cannot be taken; undefined for one that is computed here. */
export function nonlinearityProblem(said: SaidNonlinearity): string | undefined {
  switch (said.kind) {
    case 'none':
      return undefined;
    case 'contradictory':
      return `says two nonlinearities, in the metadata ${said.paths.map(shown).join(' and ')}`;
    case 'unknown':
      return `has the nonlinearity ${shown(said.text)} (metadata ${shown(said.path)}), where ${NONLINEARITIES.join(' or ')} is expected`;
    case 'known':
      return undefined;
  }
}
