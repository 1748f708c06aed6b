import { CELLS } from '../../../src/network/cells.ts';

/** The cells with gates, by their names in constants. */
export const { lstm: LSTM, gru: GRU, mingru: MINGRU } = CELLS;
