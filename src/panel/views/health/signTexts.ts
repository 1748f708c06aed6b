import { written } from '../../../network/names.ts';
import { SATURATED, SATURATED_PERCENT } from '../../../network/saturation.ts';
import type { Network } from '../../../network/network.ts';
import { recurrentWeight } from '../../../network/quantities.ts';
import { wayWordsOf } from '../../network/wayWords.ts';
import type { Tab } from '../../../protocol/panel.ts';
import type { SignId } from '../../../history/health/signs.ts';

export interface SignText {
  readonly name: string;
  /** What it is, what is normal and what to conclude; with its source. */
  readonly meaning: string;
  /** Where it is explained: the tab, and the figure in it. */
  readonly tab: Tab;
  readonly figure: string;
  /** What the jump leads to. */
  readonly target: string;
}

/** What each sign of a run of a network is called, and what it means. */
export function signTexts(network: Network): Readonly<Record<SignId, SignText>> {
  return { ...TEXTS, radius: radiusText(network) };
}

const TEXTS: Readonly<Record<Exclude<SignId, 'radius'>, SignText>> = {
  gradient: {
    name: '‖g‖ before clipping',
    meaning:
      'Norm of the gradient of all parameters together, and the share of the last 100 iterations in which clipping scaled it down. Normal: a norm without jumps, clipped now and then ' +
      '(the band in its curve lies below the clip norm). Clipped more often than not, the clip norm sets the step and not the gradient: raise clipNorm, or lower the learning rate. ' +
      'Above 100 (times T·B where the loss is a sum) it is out of hand: clip, 5 is usual. ' +
      'Pascanu, Mikolov & Bengio 2013, section 3.2.',
    tab: 'overview',
    figure: 'totals',
    target: 'the gradient norm per iteration',
  },
  update: {
    name: 'update / weight',
    meaning:
      '‖Δθ‖ / ‖θ‖: how much an update changes the parameters. Normal: around 10⁻³ (the line in its curve). Much larger: the learning rate is too high; much smaller: ' +
      'too low, or the run is nearly done, which is said where the loss is as low as the text allows. Karpathy, CS231n notes, Neural Networks Part 3.',
    tab: 'overview',
    figure: 'update',
    target: 'the update size per iteration',
  },
  saturation: {
    name: 'saturation',
    meaning:
      `Share of activations with |a| > ${SATURATED}, where the tanh passes less than ${SATURATED_PERCENT} % of the error. Normal: below a half (the band in its curve). ` +
      'Nearly all: errors stop there, and little is learnt from the past; a smaller learning rate or smaller initial weights help. Glorot & Bengio 2010, section 3.',
    tab: 'memory',
    figure: 'saturation',
    target: 'saturation by unit and time step',
  },
  horizon: {
    name: 'memory horizon',
    meaning:
      'After so many steps back the error of a character is under 1 % of its strength. There is no right number: it is how much context the network is taught. ' +
      'Below 4 steps it is taught less context than a 5-gram has; at 0 no error passes at all; where it is the whole window, a longer sequence can teach more.',
    tab: 'memory',
    figure: 'lag-profile',
    target: 'the lag profile',
  },
  gap: {
    name: 'validation gap',
    meaning:
      'Validation loss minus smoothed training loss. Normal: small (the line in its curve is at 0; below it, the smoothed loss lags behind a steep fall). Growing while the training loss falls and the validation loss rises clearly above its lowest: the network begins to learn the text by heart; ' +
      'stop, take a smaller network, or more text. Where both rise, what was learnt is being lost: a lower learning rate.',
    tab: 'overview',
    figure: 'loss',
    target: 'the loss',
  },
};

function radiusText(network: Network): SignText {
  const name = recurrentWeight(network);
  const weight = name === undefined ? 'the recurrent weights, of which this cell has none' : written(name);
  return {
    name: name === undefined ? 'ρ' : `ρ(${weight})`,
    meaning: `Spectral radius of the recurrent weights (the line in its curve is at 1). ${radiusMeaning(network)}`,
    tab: 'memory',
    figure: 'spectrum',
    target: `the spectrum of ${weight}`,
  };
}

/** Through gates errors go back past this weight too: then only what was measured tells what becomes of them. */
function radiusMeaning(network: Network): string {
  const way = wayWordsOf(network);
  const measured =
    'the word tells what was measured, by the Lyapunov exponent: what becomes of errors in the long run.';
  if (way === undefined) return `Above 1 is normal: ${measured}`;
  return (
    `Each step back multiplies the error by ${way.weight}ᵀ and by the ${way.activation} factor: with σ_max below 1 it must fade, ` +
    `and it can only explode with σ_max above 1. Above 1 is normal, as long as the ${way.activation} factor makes up for it: ${measured} ` +
    (way.isTanh ? `Above 17 only saturated units, with |a| > ${SATURATED}, can make up for it. ` : '') +
    'Pascanu, Mikolov & Bengio 2013, section 2.'
  );
}
