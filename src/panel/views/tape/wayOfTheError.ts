import { written } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { listedTexts } from '../../../network/quantities.ts';
import { stepOfError, stepOfMessage } from '../../network/stepPlaces.ts';
import { wayBackOf } from '../../../network/wayBack.ts';
import { SLOPES } from '../../../network/slopes.ts';

/** Through which steps the error itself passes on its way to the time step before, and what a fall of its norm there means. */
export function wayOfTheError(network: Network): string {
  const ways = Array.from({ length: network.layers }, (_, index) => wayBackOf(network, index + 1));
  const [way] = ways;
  const steps = network.states.flatMap((state, index) => {
    const between = ways[index]?.preActivation;
    return [
      stepOfError(network, state),
      ...(between === undefined ? [] : [stepOfError(network, between)]),
      stepOfMessage(network, state),
    ];
  });
  const passes = `The error itself passes through steps ${listedTexts(steps.toSorted((one, other) => one - other).map(String))}: compare their norms.`;
  if (way === undefined) return passes;
  const [state, pre, message] = [
    stepOfError(network, way.state),
    stepOfError(network, way.preActivation),
    stepOfMessage(network, way.state),
  ];
  return (
    `${passes} A fall from ${state} to ${pre} is the ${SLOPES[way.activation].words}, whose slope is ${SLOPES[way.activation].shut}; ` +
    `a fall from ${pre} to ${message} is ${written(way.weight)}ᵀ.`
  );
}
