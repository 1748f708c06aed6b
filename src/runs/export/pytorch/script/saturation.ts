import type { Activation } from '../../../../network/description.ts';
import { SATURATED } from '../../../../network/saturation.ts';
import { SATURATION, saturationOf } from '../../../../network/slopes.ts';
import type { TorchNetwork } from '../names.ts';

/** Which numbers of a tensor that a function gave are saturated, as `model/activations.ts` says it. */
const IS_SATURATED: Readonly<Record<Activation, string>> = {
  tanh: `gave.abs() > ${SATURATED}`,
  sigmoid: `gave * (1 - gave) < 1 - ${SATURATED}**2`,
  relu: 'gave <= 0',
};

interface Applied {
  readonly gives: string;
  readonly activation: Activation;
}

/** A table of `train.py`: of everything that a function gives, which of its numbers let nearly no error pass. */
export function saturationTable(network: TorchNetwork): string {
  const lines = appliedIn(network).map(
    ({ gives, activation }) => `    "${gives}": lambda gave: ${IS_SATURATED[activation]},`,
  );
  return `# Where the slope of each function is so small that the error stops there.
SATURATED = {
${lines.join('\n')}
}`;
}

/** The same in words. */
export function saturatedShare(network: TorchNetwork): string {
  const functions = new Set(appliedIn(network).map(({ activation }) => activation));
  const [first] = functions;
  return functions.size === 1
    ? `${SATURATION[first].of(`${network.states[0]}(t)`)}, where the error stops`
    : saturationOf(network).called;
}

function appliedIn({ layerEquations }: TorchNetwork): Applied[] {
  return layerEquations.flatMap((equation) =>
    'apply' in equation ? [{ gives: equation.gives, activation: equation.apply }] : [],
  );
}
