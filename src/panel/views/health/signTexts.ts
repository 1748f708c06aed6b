import { functionsOf } from '../../../network/functions.ts';
import { endsOf, functionOfState } from '../../../network/heldUnits.ts';
import { plainName } from '../../../network/names.ts';
import { listed, recurrentWeight } from '../../../network/quantities.ts';
import type { Network } from '../../../network/network.ts';
import { wayWordsOf, type WayWords } from '../../../network/wayWords.ts';
import type { Tab } from '../../../protocol/panel.ts';
import type { SignId } from '../../../history/health/sign.ts';
import { SATURATION_LIMITS, saturationLimitsOf } from '../../../history/health/thresholds.ts';
import { saturationOf } from '../../../network/slopes.ts';

export interface SignText extends Meaning {
  readonly name: string;
  /** Where it is explained: the tab, and the figure in it. */
  readonly tab: Tab;
  readonly figure: string;
  /** What is chosen there of the function or state that the sign speaks of. */
  readonly choice?: 'reach' | 'unitsOf';
  /** What the jump leads to. */
  readonly target: string;
}

/** What a sign is, what is normal of it and what to conclude, and who says so. */
interface Meaning {
  readonly what: string;
  readonly normal: string;
  /** Empty where it is said by what is measured. */
  readonly source: string;
  /** All of it in one paragraph. */
  readonly meaning: string;
}

function meaning(what: string, normal: string, source = ''): Meaning {
  return { what, normal, source, meaning: [what, normal, source].filter((part) => part !== '').join(' ') };
}

/** What each sign of a run of a network is called, and what it means. */
export function signTexts(network: Network): Readonly<Record<SignId, SignText>> {
  return {
    ...TEXTS,
    saturation: saturationText(network),
    dead: deadText(network),
    horizon: horizonText(network),
    radius: radiusText(network),
  };
}

const TEXTS: Readonly<Record<Exclude<SignId, 'saturation' | 'dead' | 'radius'>, SignText>> = {
  gradient: {
    name: '‖g‖ before clipping',
    ...meaning(
      'Norm of the gradient of all parameters together, and the share of the last 100 iterations in which clipping scaled it down.',
      'Normal: a norm without jumps, clipped now and then ' +
        '(the band in its curve lies below the clip norm). Clipped more often than not, the clip norm sets the step and not the gradient: raise clipNorm, or lower the learning rate. ' +
        'Above 100 (times T·B where the loss is a sum) it is out of hand: clip, 5 is usual.',
      'Pascanu, Mikolov & Bengio 2013, section 3.2.',
    ),
    tab: 'overview',
    figure: 'totals',
    target: 'the gradient norm per iteration',
  },
  update: {
    name: 'update / weight',
    ...meaning(
      '‖Δθ‖ / ‖θ‖: how much an update changes the parameters.',
      'Normal: around 10⁻³ (the line in its curve). Much larger: the learning rate is too high; much smaller: ' +
        'too low, or the run is nearly done, which is said where the loss is as low as the text allows.',
      'Karpathy, CS231n notes, Neural Networks Part 3.',
    ),
    tab: 'overview',
    figure: 'update',
    target: 'the update size per iteration',
  },
  horizon: {
    name: 'memory horizon',
    ...meaning(
      'After so many steps back the error of a character is under 1 % of its strength.',
      'There is no right number: it is how much context the network is taught. ' +
        'Below 4 steps it is taught less context than a 5-gram has; at 0 no error passes at all; where it is the whole window, a longer sequence can teach more.',
    ),
    tab: 'memory',
    figure: 'lag-profile',
    choice: 'reach',
    target: 'the lag profile',
  },
  gap: {
    name: 'validation gap',
    ...meaning(
      'Validation loss minus smoothed training loss.',
      'Normal: small (the line in its curve is at 0; below it, the smoothed loss lags behind a steep fall). Growing while the training loss falls and the validation loss rises clearly above its lowest: the network begins to learn the text by heart; ' +
        'stop, take a smaller network, or more text. Where both rise, what was learnt is being lost: a lower learning rate.',
    ),
    tab: 'overview',
    figure: 'loss',
    target: 'the loss',
  },
};

/** Where a memory has a function of its own, it can last by having grown beyond it. */
function horizonText(network: Network): SignText {
  const of = functionsOf(network).find(({ gives }) => functionOfState(network, { gives }) !== undefined);
  if (of === undefined) return TEXTS.horizon;
  const { horizon } = TEXTS;
  const [gives, to] = [plainName(of.gives), plainName(of.to)];
  return {
    ...horizon,
    ...meaning(
      horizon.what,
      `${horizon.normal} “${gives} mostly ${endsOf(of)}”: most units of ${to} have grown so large that nearly no error gets into them; they are kept, but hardly written or read.`,
    ),
  };
}

/** Of functions that only slow an error down, and of those that stop it where a unit is off. */
function saturationText(network: Network): SignText {
  const saturation = saturationOf(network);
  const { which, whose, passes, passesNothing, hasGates, areGates } = saturation;
  const { source } = saturationLimitsOf(saturation);
  const place = { tab: 'memory', figure: 'saturation', choice: 'unitsOf' } as const;
  const share = `Share of activations with ${which}, where ${whose} passes ${passes} of the error.`;
  if (areGates) {
    return {
      ...place,
      name: 'saturation',
      ...meaning(share, OF_GATES),
      target: 'saturation by unit and time step',
    };
  }
  const gates = hasGates ? ` Gates are not counted. ${OF_GATES}` : '';
  if (passesNothing) {
    return {
      ...place,
      name: 'units off',
      ...meaning(
        share,
        'Normal: about a half at the start, and up to nine tenths later (the band in its curve). ' +
          `Nearly all: units that are off at every step learn nothing and stay off; a smaller learning rate helps.${gates}`,
        `${source}.`,
      ),
      target: 'the units that are off, by unit and time step',
    };
  }
  const several =
    saturation.functions.length === 1 ? '' : ' Of several functions the worst is shown and judged, by its name.';
  const nearlyAll = hasGates
    ? 'Nearly all: the weights of these candidates hardly learn, while errors pass by what the gates keep; a lower learning rate keeps others from it'
    : 'Nearly all: errors stop there, and little is learnt from the past; a smaller learning rate or smaller initial weights help';
  return {
    ...place,
    name: 'saturation',
    ...meaning(
      `${share}${several}`,
      `Normal: below ${hasGates ? 'nine tenths' : 'a half'} (the band in its curve). ${nearlyAll}.${gates}`,
      `${source}.`,
    ),
    target: 'saturation by unit and time step',
  };
}

const OF_GATES =
  'Gates may be at their ends: one that is wide open or shut keeps or forgets, as it should. ' +
  'What is told is one that is nearly always shut where all that a layer gives goes through it.';

function deadText(network: Network): SignText {
  const { unit, passesNothing, hasGates, areGates, functions } = saturationOf(network);
  const place = {
    name: 'dead units',
    tab: 'memory',
    figure: 'saturation',
    choice: 'unitsOf',
    target: 'the units by time step',
  } as const;
  if (areGates) {
    return {
      ...place,
      ...meaning(
        'This network has no functions but gates.',
        'A gate that stands still keeps or forgets, as it should, so that no unit is called dead.',
      ),
    };
  }
  const learns = hasGates
    ? `They let ${passesNothing ? 'no' : 'nearly no'} error pass, so that their weights hardly learn; those of their gates do.`
    : `They let ${passesNothing ? 'no' : 'nearly no'} error pass and learn nothing.`;
  const begins = hasGates ? ' Many may begin so: the first 100 iterations are not judged.' : '';
  return {
    ...place,
    ...meaning(
      `Share of units that are ${unit} at every step of every stream of the window${functions.length === 1 ? '' : `, of ${listed(functions.map(({ gives }) => gives))} the one that has most of them`}. ${learns}`,
      `Normal: below ${hasGates ? 'a half' : '15 %'} (the band in its curve); more: a lower learning rate keeps others from it.${begins}`,
      'Karpathy, CS231n notes, Neural Networks Part 1.',
    ),
  };
}

function radiusText(network: Network): SignText {
  const way = wayWordsOf(network);
  // Where no weight reads a state there is no spectrum, and the exponent stands beside what is kept.
  const hasSpectrum = recurrentWeight(network) !== undefined;
  const place = { tab: 'memory', figure: hasSpectrum ? 'spectrum' : 'decay-split' } as const;
  if (way === undefined) {
    return {
      ...place,
      name: 'Lyapunov exponent',
      ...meaning(
        'What becomes of errors in the long run: the change of the log of their size with every step back (the line in its curve is at 0). Past gates errors go back by several ways, so that no weight alone tells.',
        'Normal: a little below 0; the nearer to 0, the longer they last. Above 0 they grow: clip, or lower the learning rate.',
      ),
      target: `the exponent, and ${hasSpectrum ? 'the spectrum of the recurrent weights' : 'what is kept of the state'}`,
    };
  }
  return {
    ...place,
    name: `spectral radius ρ(${way.weight})${network.layers === 1 ? '' : ', layer 1'}`,
    ...meaning(
      'Spectral radius of the recurrent weights (the line in its curve is at 1).',
      radiusMeaning(way),
      'Pascanu, Mikolov & Bengio 2013, section 2.',
    ),
    target: `the spectrum of ${way.weight}`,
  };
}

function radiusMeaning(way: WayWords): string {
  const measured =
    'the word tells what was measured, by the Lyapunov exponent: what becomes of errors in the long run.';
  const { radius } = SATURATION_LIMITS[way.of];
  const holds =
    radius === undefined
      ? `enough units are ${way.stopped}, with ${way.stoppedWhere}`
      : `the ${way.activation} factor makes up for it`;
  const limit =
    radius === undefined
      ? ''
      : ` Above ${Math.round(radius)} only ${way.stopped} units, with ${way.stoppedWhere}, can make up for it.`;
  return (
    `Each step back multiplies the error by ${way.weight}ᵀ and by the ${way.activation} factor: with σ_max below 1 it must fade, ` +
    `and it can only explode with σ_max above 1. Above 1 is normal, as long as ${holds}: ${measured}${limit}`
  );
}
