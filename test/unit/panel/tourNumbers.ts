import type { Network } from '../../../src/network/network.ts';
import { finish } from '../../../src/common/work.ts';
import type { StepDetail } from '../../../src/protocol/study.ts';
import type { Reduction, Shape } from '../../../src/model/tensors.ts';
import { followedParameter } from '../../../src/panel/views/tour/stops.ts';
import type { TourNumbers } from '../../../src/panel/views/tour/tourNumbers.ts';
import { randomNetwork } from '../model/networks.ts';
import { captureOf, windowStudyOf } from '../study/windowStudyCaptures.ts';

export const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** The numbers of a random window, as the study thread answers. */
export function tourNumbersOf(
  network: Network,
  shape: Shape,
  { reduction = 'mean', seed = 1, isByHand = true }: { reduction?: Reduction; seed?: number; isByHand?: boolean } = {},
): TourNumbers {
  const study = windowStudyOf(captureOf(randomNetwork('reference', shape, reduction, seed, network)));
  const place = { iteration: 0, stream: 0 };
  const last = shape.T - 1;
  const details = [last, last - 1]
    .filter((t) => t >= 0)
    .map((t): StepDetail => finish(study.stepDetail({ ...place, t })));
  return {
    network,
    symbolOf: (id) => LETTERS[id],
    tape: finish(study.tape(place)),
    details: new Map(details.map((detail) => [detail.t, detail])),
    parameters: new Map(isByHand ? Object.entries(finish(study.numbers(place)).parameters) : []),
    update: finish(study.update({ ...place, parameter: followedParameter(network), element: null })),
  };
}
