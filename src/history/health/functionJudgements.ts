import { formatShare } from '../../common/format.ts';
import { written } from '../../network/names.ts';
import { functionsOf, type NetworkFunction } from '../../network/functions.ts';
import type { Activation } from '../../network/description.ts';
import type { Network } from '../../network/network.ts';
import { type NetworkSaturation, SATURATION, saturationOf } from '../../network/slopes.ts';
import type { FunctionVitals } from '../../protocol/events.ts';
import { alarm, type Condition, type Judgement, ok, watch } from './judgements.ts';
import { DEAD_POSITIONS, deadLimitsOf, saturationLimitsOf, SHUT_LIMITS } from './thresholds.ts';

/** How it stands with the functions of a network, as `judgements.ts` of the other signs. */

/** What one function gave, as it was measured last. */
export interface FunctionReading extends FunctionVitals {
  readonly of: NetworkFunction;
}

/** With the number that is judged; of several functions it is of the one that is named. */
export interface SaturationJudgement extends Judgement {
  readonly share: number;
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
): SaturationJudgement {
  if (!Number.isFinite(share)) return { ...alarm('not finite', 'The activations are not finite'), share };
  const saturation = saturationOf(network);
  const { functions, activation, areGates } = saturation;
  const all = { ...(areGates ? ok('fine for gates') : judgedShare(share, saturation, activation)), share };
  const judged = readings
    .filter(({ of }) => !areGates && functions.length > 1 && functions.includes(of))
    .map(({ of, saturated }) => {
      const judgement = judgedShare(saturated, saturation, of.activation, written(of.gives));
      return { ...judgement, share: saturated, of: of.gives };
    })
    .sort((one, other) => other.share - one.share);
  const gates = readings.filter(({ of }) => of.isOnlyWay).map((gate) => judgeOnlyWay(gate));
  return worst([...(judged.length > 0 ? judged : [all]), ...gates]);
}

/** Beside gates errors are carried past saturated candidates: that they are alone is no alarm, and advice where nearly all are. */
function judgedShare(share: number, saturation: NetworkSaturation, of: Activation, name?: string): Judgement {
  const { much, nearlyAll } = saturationLimitsOf(saturation, of);
  const whose = name === undefined ? '' : ` ${name}`;
  const evidence = `${formatShare(share)} of the activations${whose} are ${SATURATION[of].unit}`;
  if (!saturation.hasGates) {
    if (share > nearlyAll) return alarm('nearly all', evidence);
    return share > much ? watch('much', evidence) : ok('usual');
  }
  return share > nearlyAll
    ? watch('nearly all', `${evidence}: their weights hardly learn. A lower learning rate keeps others from it`)
    : ok(share > much ? 'high' : 'usual');
}

/** Where such a gate is shut it is to errors what a ReLU is that is off. */
function judgeOnlyWay({ of, saturated, open = 0 }: FunctionReading): SaturationJudgement {
  const shut = saturated - open;
  const evidence = `The gate ${written(of.gives)}, through which all goes that layer ${of.layer} gives, is shut ${formatShare(shut)} of the time`;
  return { ...judgedShut(shut, evidence), share: shut, of: of.gives };
}

function judgedShut(shut: number, evidence: string): Judgement {
  if (shut > SHUT_LIMITS.nearlyAll) return alarm('shut', evidence);
  return shut > SHUT_LIMITS.much ? watch('nearly shut', evidence) : ok('usual');
}

/** Of a sign that the initial parameters still decide. */
export const TOO_EARLY: Judgement = { condition: 'unknown', word: 'too early', evidence: '' };

/** @param positions of a window: time steps of all streams. */
export function judgeDead({ of, dead }: FunctionReading, network: Network, positions: number): Judgement {
  // Of so few characters many leave a healthy unit out.
  if (positions < DEAD_POSITIONS) return { condition: 'unknown', word: 'too few steps', evidence: '' };
  const isSingle = functionsOf(network).length === 1;
  const saturation = saturationOf(network);
  const { much, most } = deadLimitsOf(saturation);
  const learns = saturation.hasGates ? 'their weights hardly learn, those of their gates do' : 'they learn nothing';
  const { unit } = SATURATION[of.activation];
  const evidence =
    `${formatShare(dead)} of the units${isSingle ? '' : ` ${written(of.gives)}`} are dead, ${unit} at every step of every stream: ${learns}. ` +
    'A lower learning rate keeps others from it';
  if (dead > most) return alarm('most', evidence);
  return dead > much ? watch('many', evidence) : ok(dead === 0 ? 'none' : 'few');
}

const ALARMING: readonly Condition[] = ['unknown', 'ok', 'watch', 'alarm'];

function worst([first, ...others]: readonly SaturationJudgement[]): SaturationJudgement {
  const rank = ({ condition }: Judgement): number => ALARMING.indexOf(condition);
  return others.reduce((most, each) => (rank(each) > rank(most) ? each : most), first);
}
