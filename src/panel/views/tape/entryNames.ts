import { quotedSymbol } from '../../../common/format.ts';
import type { SymbolOf, VectorAxis } from './shownVectors.ts';

/** What an index along an axis stands for. */
export function axisLabel(axis: VectorAxis): string {
  return axis === 'symbol' ? 'class' : 'unit';
}

/** An entry by name: class 12 ‘e’, unit 12. */
export function entryName(axis: VectorAxis, index: number, symbolOf: SymbolOf): string {
  return axis === 'symbol' ? `${index} ${quotedSymbol(symbolOf(index))}` : String(index);
}
