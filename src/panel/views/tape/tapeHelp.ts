import { stepNormLabelOf } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { errorOfTimeStep, inWords, listedTexts } from '../../../network/quantities.ts';
import { isPlainPath, stateParts } from '../../../network/statePaths.ts';
import { errorAt, timed } from '../../network/notation.ts';
import { waysTo } from './stateSplit.ts';
import { sumOf, termsOf } from './terms.ts';

/** How the tape is read and walked. No DOM. */

export function tapeHelp(network: Network): string {
  const [state] = network.states;
  const parts = isPlainPath(network)
    ? `Below, the two parts of ${errorFormula(network, state)} on the same scale: arrows are what comes back ` +
      'from the future, bars what is the step’s own. '
    : `${pathHelp(network)}Under it, the two parts of the error of each state on the scale of the colours: arrows are what comes back ` +
      `from the future, ${barsHelp(network)}. `;
  return (
    'One column per time step: the character or byte read, the target and the likeliest one (underlined: right, struck through: wrong; two digits under a line are a byte in hexadecimal), coloured by log ' +
    `${stepNormLabelOf(network, errorOfTimeStep(network))}, ` +
    `the error that reaches the time step${network.layers > 1 ? ' in the layer that is shown, or in layer 1 where all are' : ''}, before clipping.\n` +
    `${parts}Arrows that grow to the left: the error explodes. Arrows thinner than the bars: each step learns only from itself.\n` +
    'Click a time step to see every number of it. While you read, the window stays and training goes on; Live goes back to the newest.'
  );
}

export function tapeKeys({ steps }: Pick<Network, 'steps'>): string {
  return (
    'Left and right arrow walk the time steps, Page Up and Page Down ten at a time, Home and End to the ends; n and p walk the ' +
    `${inWords(steps.length)} steps of side B; ` +
    'plus and minus zoom.'
  );
}

/** What the bars of the states say, for those of the first layer; those of others are alike. */
function pathHelp(network: Network): string {
  const parts = stateParts(network);
  const kept = parts.find(({ job }) => job === 'kept');
  const ofState = `Below, a lane for ${network.states.length === 1 ? 'the state' : 'each state'}, ${listedTexts(
    network.states.map((state) => timed(state)),
  )}: from left to right what is carried on, as norms from 0 to the number at the left. `;
  if (kept?.gated === undefined) return ofState;
  return (
    `${ofState}The first bar of a time step is what ${timed(kept.gated.gate)} keeps of ${timed(kept.gated.of)}, and grey above it what is forgotten; ` +
    'the next is what is added, and the line the norm of what comes of both (norms add up only where both point the same way). ' +
    'A first bar that fills its grey over many time steps: what was read long ago is still there. ' +
    'The low bars below are how open each gate is, its mean over the hidden units from 0 to 1: few units with large values make most of a norm, and all count alike here.\n'
  );
}

/** What the bars of the errors are: of the step alone where the output sends all of it. */
function barsHelp(network: Network): string {
  const isOwn = network.states.every((state) => waysTo(network, state).every(({ isOfOutput }) => isOfOutput));
  if (isOwn) return 'bars what is the step’s own';
  return 'bars what comes in the same time step: the step’s own error where the output sends it, else from where the name of the row says';
}

function errorFormula(network: Network, state: string): string {
  const { now, next } = termsOf(network, state);
  return `${errorAt(state)} = ${sumOf([...now, ...next])}`;
}
