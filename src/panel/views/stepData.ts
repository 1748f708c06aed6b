import { aboutRun, pictureName, type PictureData } from '../charts/pictureData.ts';
import { visibleSymbol } from '../../common/format.ts';
import type { Inspection, RunFacts, Sample } from '../../protocol/run.ts';
import type { IterationRange } from '../state/iterationView.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { errorOf } from '../../network/names.ts';
import { errorName } from '../../network/network.ts';
import { stepRow } from '../../network/quantities.ts';

const BEFORE_CLIPPING = 'before clipping; of a time step summed over the batch';

/** The numbers of the heat map over a range: one row per inspected iteration, one column per time step. */
export function heatmapData(run: MirroredRun, quantity: string, range: IterationRange): PictureData | undefined {
  const shown = run.history
    .of('inspection')
    .filter(({ iteration }) => iteration >= range.from && iteration <= range.to);
  if (shown.length === 0) return undefined;
  const T = run.description.settings.sequenceLength;
  const { network } = run;
  return {
    name: pictureName(run, 'step-norms', quantity, shown[0].iteration, shown[shown.length - 1].iteration),
    about: {
      ...aboutRun(run),
      quantity: `norm of ${errorOf(network, quantity) === undefined ? errorName(quantity) : quantity}(t)`,
      norms: BEFORE_CLIPPING,
      thinning: 'the inspected iterations that are kept; the columns are the time steps',
    },
    columns: ['iteration', ...Array.from({ length: T }, (_, t) => `t${t}`)],
    rows: shown.map((inspection) => [inspection.iteration, ...stepRow(network, inspection.stepNorm, quantity)]),
  };
}

/** The numbers of one inspected iteration: one row per time step. */
export function stepsData(run: MirroredRun, inspection: Inspection): PictureData {
  const { facts } = run.description;
  const { stepQuantities } = run.network;
  const norms = stepQuantities.map((quantity) => stepRow(run.network, inspection.stepNorm, quantity));
  return {
    name: pictureName(run, 'steps', inspection.iteration),
    about: { ...aboutRun(run), iteration: inspection.iteration, norms: BEFORE_CLIPPING },
    columns: ['t', 'input', 'target', ...stepQuantities],
    rows: Array.from(inspection.inputs, (input, t) => [
      t,
      symbolText(facts, input),
      symbolText(facts, inspection.targets[t]),
      ...norms.map((norm) => norm[t]),
    ]),
  };
}

/** A sampled text with the probability of each of its characters. */
export function sampleData(run: MirroredRun, sample: Sample): PictureData {
  return {
    name: pictureName(run, 'sample', sample.iteration),
    about: {
      ...aboutRun(run),
      iteration: sample.iteration,
      temperature: sample.temperature,
      prompt: Array.from(sample.prompt, visibleSymbol).join(''),
      probability: 'of the character under the network itself, at temperature 1',
    },
    columns: ['index', 'character', 'probability'],
    rows: sample.characters.map((character, index) => [index, visibleSymbol(character), sample.probability[index]]),
  };
}

function symbolText(facts: RunFacts | undefined, id: number): string {
  return visibleSymbol(facts?.vocabulary[id] ?? '');
}
