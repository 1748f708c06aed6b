import { historyColumnsOf } from '../src/history/metrics.ts';
import { networkOf } from '../src/network/network.ts';
import { metricNamesOf } from '../src/protocol/run.ts';

/** The network of the derivation, one layer of tanh, and its columns: what most tests look at. */

export const NETWORK = networkOf({ cell: 'tanh', layers: 1 });
export const PARAMETER_NAMES = NETWORK.parameterNames;
export const STEP_QUANTITIES = NETWORK.stepQuantities;
/** The parameters that are matrices, without the biases. */
export const WEIGHTS = NETWORK.parameters.filter(({ axes }) => axes.length > 1);
export const METRIC_NAMES = metricNamesOf(NETWORK);
export const HISTORY_COLUMNS = historyColumnsOf(NETWORK);
