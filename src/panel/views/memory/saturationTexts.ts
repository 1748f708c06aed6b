import { readRef } from '../../../network/description.ts';
import { endsOf, functionOfState, whyHeld } from '../../../network/heldUnits.ts';
import type { Network } from '../../../network/network.ts';
import { SATURATED, SATURATED_SLOPE } from '../../../network/saturation.ts';
import { SATURATION, saturationOf, SLOPES } from '../../../network/slopes.ts';
import type { FunctionWords } from '../../../network/wayWords.ts';
import { functionNames } from '../../network/choices.ts';
import { timed } from '../../network/notation.ts';
import { stepOfError } from '../../network/stepPlaces.ts';
import { backwardSteps } from '../tape/backwardSteps.ts';

/** What is said around the picture of the slopes, which differs where a slope is 1 or 0 and nothing lies between. */
export interface SaturationTexts {
  readonly title: string;
  readonly help: string;
  /** Of the scale of colours. */
  readonly bar: string;
  /** What units are for most of the time that stand first: most saturated, most often off. */
  readonly often: string;
}

/** Of a unit that is just saturated. */
const SLOPE = SATURATED_SLOPE.toFixed(3);

export function saturationTexts(network: Network, quantity: string, words: FunctionWords): SaturationTexts {
  const { of, gave, activation, slope, stopped, stoppedWhere } = words;
  const isOnly = functionNames(network, 1).length * network.layers === 1;
  const ofGave = isOnly ? '' : ` of ${gave}`;
  const cells = `Every cell is the factor ${SLOPES[of].of(timed(quantity))} by which ${slopeStep(network, quantity)}, multiplies the error of one hidden unit at one time step.`;
  if (SATURATION[of].passesNothing) {
    return {
      title: `Units ${stopped}: where ${activation}${ofGave} lets no error pass`,
      help:
        `${cells} Dark: the unit is on and the error passes as it is. Bright: the unit is ${stopped} (${stoppedWhere}) and the error stops.\n` +
        `About half of the cells are ${stopped} at the start, and up to nine tenths do no harm. A row that is bright all along is a unit that learns nothing here; ` +
        'bright everywhere, the network learns nothing from the past: take a smaller learning rate.',
      bar: `${slope}: 1 of a unit that is on, 0 of one that is ${stopped}.`,
      often: `often ${stopped}`,
    };
  }
  const called = network.quantities.find(({ name }) => name === quantity)?.words ?? activation;
  if (of === 'sigmoid') {
    return {
      title: `Saturation: where the ${called} ${gave} hardly learns`,
      help:
        `${cells} It is at most ¼, of a gate that is half open. Bright: the gate is fully open or shut, the sigmoid is flat there and no error reaches what decided so; ` +
        `below ${SLOPE} (${stoppedWhere}) it counts as saturated.\n` +
        'That is no harm to what the gate lets pass: an open gate passes errors of the state whole. But a row that is bright all along is a unit whose gate hardly learns any more.',
      bar: `${slope}, logarithmic, from half open to fully open or shut. The notches are the decades and ${SLOPE}.`,
      often: stopped,
    };
  }
  return {
    title: `Saturation: where ${activation}${ofGave} lets no error pass`,
    help:
      `${cells} Dark: it passes as it is. Bright: |${gave}| is near 1, ${activation} is flat there and the error stops; ` +
      `below ${SLOPE} (${stoppedWhere}) it counts as saturated.\n${brightText(network, quantity)}`,
    bar: `${slope}, logarithmic, from open to saturated. The notches are the decades and, at ${SLOPE}, |${gave}| = ${SATURATED}.`,
    often: stopped,
  };
}

/** What it means where the picture is bright: of a function of a state, of one beside gates, and of one that all errors go through. */
function brightText(network: Network, quantity: string): string {
  const of = functionOfState(network, { gives: quantity });
  if (of !== undefined)
    return `A row that is bright all along is a unit that stands at ${endsOf(of)}: ${whyHeld(network, of)}. It is kept, but hardly written or read.`;
  const { hasGates } = saturationOf(network);
  return (
    `Bright everywhere: the weights or the learning rate are too large. A row that is bright all along is a unit ${hasGates ? 'whose weights here hardly learn, while those of its gates do' : 'that hardly learns'}; ` +
    `a column, a character that saturates ${hasGates ? 'all of them' : 'the whole network'}.`
  );
}

/** The step of side B that the slope belongs to: of tanh step 7, ∂h(t) = (1 − a(t)²) ⊙ ∂a(t). */
function slopeStep(network: Network, quantity: string): string {
  const given = network.layerEquations.find(({ gives }) => gives === quantity);
  const step = stepOfError(network, given !== undefined && 'apply' in given ? readRef(given.to).name : quantity);
  return `step ${step}, ${backwardSteps(network)[step - 1].formula.markup}`;
}
