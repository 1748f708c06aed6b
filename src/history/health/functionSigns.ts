import { formatShare } from '../../common/format.ts';
import { functionsOf } from '../../network/functions.ts';
import { networkOf, type Network } from '../../network/network.ts';
import { saturationOf } from '../../network/slopes.ts';
import type { Vitals } from '../../protocol/events.ts';
import { type FunctionReading, judgeDead, TOO_EARLY, judgeSaturation } from './functionJudgements.ts';
import { placeOf, seriesOf, type SignSource, unknown, type VitalSign } from './sign.ts';
import { deadLimitsOf, saturationLimitsOf } from './thresholds.ts';

/** The signs of the functions of a network: how many of their numbers let nearly no error pass, and how many units never do. */

export function saturation({ history, description: { settings } }: SignSource): VitalSign {
  const newest = history.of('vitals').at(-1);
  if (newest === undefined) return unknown('saturation');
  const network = networkOf(settings);
  const saturated = saturationOf(network);
  const judged = (vitals: Vitals) => judgeSaturation(vitals.saturation, readingsOf(network, vitals), network);
  const { share, ...judgement } = judged(newest);
  return {
    ...judgement,
    id: 'saturation',
    text: `${judgement.of === undefined ? '' : `${placeOf(network, judgement.of)}: `}${formatShare(share)}`,
    value: share,
    series: seriesOf(history.of('vitals'), (vitals) => judged(vitals).share),
    logarithmic: false,
    usual: saturated.areGates ? undefined : { from: 0, to: saturationLimitsOf(saturated).much },
  };
}

/** @param isEarly beside gates many candidates begin saturated and come back: the first iterations tell of nothing else. */
export function dead({ history, description: { settings } }: SignSource, isEarly: boolean): VitalSign {
  const vitals = history.of('vitals').filter(({ functions }) => functions !== undefined);
  const newest = vitals.at(-1);
  if (newest === undefined) return unknown('dead', history.of('vitals').length > 0 ? 'not measured' : undefined);
  const network = networkOf(settings);
  const worst = worstOf(network, newest);
  if (worst === undefined) return unknown('dead', 'does not apply');
  const { sequenceLength, batchSize } = settings;
  const isUnsettled = isEarly && saturationOf(network).hasGates;
  return {
    ...(isUnsettled ? TOO_EARLY : judgeDead(worst, network, sequenceLength * batchSize)),
    id: 'dead',
    of: worst.of.gives,
    text: formatShare(worst.dead),
    value: worst.dead,
    series: seriesOf(vitals, (each) => worstOf(network, each)?.dead ?? NaN),
    logarithmic: false,
    usual: { from: 0, to: deadLimitsOf(saturationOf(network)).much },
  };
}

/** Of the functions that count, the one of which most units let nearly no error pass all along; none where there are but gates. */
function worstOf(network: Network, vitals: Vitals): FunctionReading | undefined {
  const { functions, areGates } = saturationOf(network);
  const readings = readingsOf(network, vitals).filter(({ of }) => !areGates && functions.includes(of));
  const [first, ...others] = readings;
  return others.reduce<FunctionReading | undefined>(
    (worst, each) => (worst && each.dead > worst.dead ? each : worst),
    first,
  );
}

/** What was measured of the functions that the network has. */
function readingsOf(network: Network, { functions = {} }: Vitals): FunctionReading[] {
  return functionsOf(network).flatMap((of) => {
    const reading = Object.hasOwn(functions, of.gives) ? functions[of.gives] : undefined;
    return reading === undefined ? [] : [{ of, ...reading }];
  });
}
