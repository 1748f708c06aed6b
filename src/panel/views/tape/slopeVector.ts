import type { Activation } from '../../../network/description.ts';
import { SLOPE_AT } from '../../../network/slopeAt.ts';
import { SLOPES } from '../../../network/slopes.ts';
import type { Network } from '../../../network/network.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { timed } from '../../network/notation.ts';
import { layerOf } from '../../network/quantities.ts';
import { units, type VectorShown } from './shownVectors.ts';
import { slopeKey } from './unitKeys.ts';

/** The slope of an activation at every unit, from what it gave; its strongest colour is where most of an error passes. */
export function slopeVector(
  network: Network,
  activation: Activation,
  gave: string,
  { now }: Pick<StepDetail, 'now'>,
): VectorShown {
  const { of, largest } = SLOPES[activation];
  const column = { layer: layerOf(network, gave), key: slopeKey(gave) };
  return { ...units('slope', of(timed(gave)), now[gave].map(SLOPE_AT[activation]), column, largest), isUnsigned: true };
}
