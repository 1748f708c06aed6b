import { InputError } from '../../common/inputError.ts';
import { CELL_NAMES, type CellName, CELLS } from '../../network/cells.ts';
import type { Cell, Torch } from '../../network/description.ts';
import { settingInLists } from '../../protocol/settings.ts';
import { shown, type TensorSource, unusable } from '../format/tensorSource.ts';
import { cellWith, type Nonlinearity, nonlinearityProblem, type SaidNonlinearity } from './nonlinearity.ts';
import { aModule, type RecurrentLayers } from './recurrentLayers.ts';

/** Which cell an imported network has: by the module that it is, what its file says, and what a person says. */

/** What a person says. */
export interface SaidOfCell {
  /** It goes before what the file says. */
  readonly nonlinearity?: Nonlinearity;
  /** What it must be. */
  readonly cell?: CellName;
  readonly layers?: number;
}

/** What `torch.nn.RNN` has where nothing is said. */
export const TANH = 'tanh';
export const TANH_ASSUMED = "The nonlinearity is taken to be tanh, torch.nn.RNN's default: the file does not say it.";
/** The cells that the module may be; of several the nonlinearity says which. */
export function cellsOf({ module }: RecurrentLayers): CellName[] {
  return CELL_NAMES.filter((name) => torchOf(name)?.module === module);
}

export function torchOf(name: CellName): Torch | undefined {
  const { torch }: Cell = CELLS[name];
  return torch;
}

/** @throws {InputError} where the network is not what a person said that it is. */
export function checkSaid(
  { cells, layers }: { readonly cells: readonly CellName[]; readonly layers: number },
  said: SaidOfCell,
  source: TensorSource,
): void {
  if (said.cell !== undefined && !cells.includes(said.cell)) {
    throw otherThanSaid(source, `has a network of the cell ${cells.join(' or ')}, not ${said.cell}`);
  }
  if (said.layers !== undefined && said.layers !== layers) {
    throw otherThanSaid(source, `has a network of ${settingInLists('layers', layers)}, not ${said.layers}`);
  }
}

/** The file can be imported, only not as what a person said: what could be imported instead would not help. */
export function otherThanSaid({ name }: TensorSource, what: string): InputError {
  return new InputError(`${name} ${what}.`);
}

/** @throws {InputError} where the functions that are said cannot be the module's. */
export function checkFunctions(
  recurrent: RecurrentLayers,
  { nonlinearity, cell }: SaidOfCell,
  inFile: SaidNonlinearity,
  source: TensorSource,
): void {
  const isChosen = cellsOf(recurrent).some((name) => torchOf(name)?.nonlinearity !== undefined);
  if (isChosen) {
    const own = cell && torchOf(cell)?.nonlinearity;
    if (own !== undefined && inFile.kind === 'known' && inFile.nonlinearity !== own) {
      const said = `says the nonlinearity ${inFile.nonlinearity} (metadata ${shown(inFile.path)})`;
      throw otherThanSaid(source, `${said}, not that of the cell ${cell}`);
    }
    const problem = nonlinearity === undefined ? nonlinearityProblem(inFile) : undefined;
    if (problem !== undefined) throw unusable(source, problem);
    return;
  }
  const module = `is ${aModule(recurrent.module)}, which has no nonlinearity to choose`;
  if (nonlinearity !== undefined) throw otherThanSaid(source, `${module}: ${nonlinearity} was given`);
  const isUsual = inFile.kind === 'none' || (inFile.kind === 'known' && inFile.nonlinearity === TANH);
  if (!isUsual) throw unusable(source, `${module}, and ${nonlinearityProblem(inFile) ?? 'says that it is relu'}`);
}

export interface KnownCell {
  readonly cell: CellName;
  /** Whether nobody says its nonlinearity. */
  readonly isTanhAssumed: boolean;
  /** A sentence each. */
  readonly assumptions: readonly string[];
}

/** Which cell it is, and what was assumed of that. */
export function cellOf(recurrent: RecurrentLayers, said: SaidOfCell, inFile: SaidNonlinearity): KnownCell {
  const [only, ...others] = cellsOf(recurrent);
  if (others.length === 0) return { cell: only, isTanhAssumed: false, assumptions: [] };
  const chosen = said.nonlinearity ?? (said.cell && torchOf(said.cell)?.nonlinearity);
  const isTanhAssumed = chosen === undefined && inFile.kind === 'none';
  const nonlinearity = chosen ?? (inFile.kind === 'known' ? inFile.nonlinearity : TANH);
  return {
    cell: cellWith(nonlinearity) ?? TANH,
    isTanhAssumed,
    assumptions: nonlinearityAssumption(isTanhAssumed, chosen, inFile),
  };
}

export function nonlinearityAssumption(
  isTanhAssumed: boolean,
  nonlinearity: Nonlinearity | undefined,
  inFile: SaidNonlinearity = { kind: 'none' },
): string[] {
  if (nonlinearity !== undefined) {
    const isOther = inFile.kind === 'known' && inFile.nonlinearity !== nonlinearity;
    const other = isOther ? `; the file says ${inFile.nonlinearity}` : '';
    return [`The nonlinearity is ${nonlinearity}, as was chosen at the import${other}.`];
  }
  return isTanhAssumed ? [TANH_ASSUMED] : [];
}
