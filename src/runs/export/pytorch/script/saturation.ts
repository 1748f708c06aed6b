import type { Activation } from '../../../../network/description.ts';
import { functionsOf } from '../../../../network/functions.ts';
import { SATURATED } from '../../../../network/saturation.ts';
import { SATURATION, saturationOf } from '../../../../network/slopes.ts';
import type { TorchNetwork } from '../names.ts';
import { bracketed } from './equations.ts';

/** Which numbers of a tensor that a function gave are saturated, as `model/activations.ts` says it. */
const IS_SATURATED: Readonly<Record<Activation, string>> = {
  tanh: `gave.abs() > ${SATURATED}`,
  sigmoid: `gave * (1 - gave) < 1 - ${SATURATED}**2`,
  relu: 'gave <= 0',
};

/** The tables of `train.py` of the functions in the network, and where they let nearly no error pass. */
export function saturationTables(network: TorchNetwork): string {
  const functions = functionsOf(network);
  const used = [...new Set(functions.map(({ activation }) => activation))];
  const counted = saturationOf(network).functions.map(({ gives }) => `"${gives}"`);
  const applied = functions.map(({ gives, activation }) => `"${gives}": "${activation}"`);
  return `# Where the slope of a function is so small that the error stops there.
IS_SATURATED = {
${used.map((name) => `    "${name}": lambda gave: ${IS_SATURATED[name]},`).join('\n')}
}
# By which function a quantity is given, and those of which the share is told: not gates, which may be open or shut.
${bracketed('FUNCTIONS = ', applied, '{}')}
${bracketed('COUNTED = ', counted, '[]')}`;
}

/** Where that is, in words. */
export function saturatedShare(network: TorchNetwork): string {
  const { functions, activation, called } = saturationOf(network);
  return functions.length === 1
    ? `${SATURATION[activation].of(`${functions[0].gives}(t)`)}, where the error stops`
    : `${called}, where the error stops`;
}
