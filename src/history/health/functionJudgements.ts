import { formatShare } from '../../common/format.ts';
import { written } from '../../network/names.ts';
import { functionsOf, type NetworkFunction } from '../../network/functions.ts';
import type { Activation } from '../../network/description.ts';
import type { Network } from '../../network/network.ts';
import { SATURATION, saturationOf } from '../../network/slopes.ts';
import type { FunctionVitals } from '../../protocol/events.ts';
import { alarm, type Condition, type Judgement, ok, watch } from './judgements.ts';
import { DEAD_POSITIONS, deadLimitsOf, type SaturationLimits, saturationLimitsOf, SHUT_LIMITS } from './thresholds.ts';

/** How it stands with the functions of a network, as `judgements.ts` of the other signs. */

/** What one function gave, as it was measured last. */
export interface FunctionReading extends FunctionVitals {
  readonly of: NetworkFunction;
}

/**
 * Gates at their ends keep and forget, which is what they are for; one that is shut nearly always is a sign only where all that a
 * layer gives goes through it. Of several functions the worst decides.
 * @param share of the numbers of all functions that count, at which they let nearly no error pass.
 */
export function judgeSaturation(
  share: number,
  readings: readonly FunctionReading[],
  network: Pick<Network, 'layerEquations' | 'equations' | 'quantities' | 'states'>,
): Judgement {
  if (!Number.isFinite(share)) return alarm('not finite', 'The activations are not finite');
  const saturation = saturationOf(network);
  const { functions, activation, areGates } = saturation;
  const judgeShare = (of: Activation, value: number, name?: string) =>
    judgedShare(value, saturationLimitsOf(saturation, of), of, name);
  const ofFunctions = readings.filter(({ of }) => functions.includes(of));
  const judged =
    functions.length > 1 && ofFunctions.length > 0
      ? ofFunctions.map(({ of, saturated }) => judgeShare(of.activation, saturated, of.gives))
      : [judgeShare(activation, share)];
  const gates = readings.filter(({ of }) => of.isOnlyWay).map((gate) => judgeOnlyWay(gate));
  return worst(areGates ? [ok('gates'), ...gates] : [...judged, ...gates]);
}

function judgedShare(share: number, limits: SaturationLimits, activation: Activation, name?: string): Judgement {
  const whose = name === undefined ? '' : ` ${written(name)}`;
  const evidence = `${formatShare(share)} of the activations${whose} are ${SATURATION[activation].unit}`;
  if (share <= limits.much) return ok('usual');
  const judged = share > limits.nearlyAll ? alarm('nearly all', evidence) : watch('much', evidence);
  return name === undefined ? judged : { ...judged, of: name };
}

/** Where such a gate is shut it is to errors what a ReLU is that is off. */
function judgeOnlyWay({ of, saturated, open = 0 }: FunctionReading): Judgement {
  const shut = saturated - open;
  const evidence = `The gate ${written(of.gives)}, through which all goes that layer ${of.layer} gives, is shut ${formatShare(shut)} of the time`;
  if (shut <= SHUT_LIMITS.much) return ok('usual');
  const judged = shut > SHUT_LIMITS.nearlyAll ? alarm('shut', evidence) : watch('nearly shut', evidence);
  return { ...judged, of: of.gives };
}

/** @param positions of a window: time steps of all streams. */
export function judgeDead({ of, dead }: FunctionReading, network: Network, positions: number): Judgement {
  // Of so few characters many leave a healthy unit out.
  if (positions < DEAD_POSITIONS) return { condition: 'unknown', word: 'of few steps', evidence: '' };
  const isSingle = functionsOf(network).length === 1;
  const { much, most } = deadLimitsOf(saturationOf(network));
  const { unit } = SATURATION[of.activation];
  const evidence =
    `${formatShare(dead)} of the units${isSingle ? '' : ` ${written(of.gives)}`} are dead, ${unit} at every step of every stream: they learn nothing. ` +
    'A lower learning rate keeps others from it';
  if (dead > most) return alarm('most', evidence);
  return dead > much ? watch('many', evidence) : ok(dead === 0 ? 'none' : 'few');
}

const ALARMING: readonly Condition[] = ['unknown', 'ok', 'watch', 'alarm'];

function worst([first, ...others]: readonly Judgement[]): Judgement {
  const rank = ({ condition }: Judgement): number => ALARMING.indexOf(condition);
  return others.reduce((most, each) => (rank(each) > rank(most) ? each : most), first);
}
