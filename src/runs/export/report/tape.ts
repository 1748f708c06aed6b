import { interpolated } from '../../../common/colorScale.ts';
import { lossClass } from '../../../common/lossClasses.ts';
import { formatNorm, formatProbability, groupDigits, visibleSymbol } from '../../../common/format.ts';
import { stepNormLabelOf } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { errorOfTimeStep, recurrentWeight, stepRow } from '../../../network/quantities.ts';
import type { Tape } from '../../../protocol/study.ts';
import { colorBar, placeIn, scaleOf } from './heatmaps.ts';
import { foreign, markup, type Markup } from './markup.ts';
import { table } from './table.ts';

/** From here on of the scale dark letters stand out better from the colour than light ones. */
const LIGHT_FROM = 0.45;

/** One window, unrolled: what each step read, what it should have said next, and the error that reached it. */
export function tapeFigure(network: Network, tape: Tape, vocabulary: readonly string[]): Markup {
  const T = tape.inputs.length;
  const error = errorOfTimeStep(network);
  const weight = recurrentWeight(network);
  const errors = stepRow(network, tape.stepNorm, error);
  const weights = weight === undefined ? undefined : stepRow(network, tape.stepNorm, weight);
  const errorLabel = stepNormLabelOf(network, error);
  const scale = scaleOf(errors);
  const symbol = (id: number): Markup => {
    const shown = visibleSymbol(vocabulary[id] ?? '?');
    return shown.length > 2 ? markup`<bdi class="long">${shown}</bdi>` : foreign(shown);
  };
  const steps = Array.from({ length: T }, (_, t) => t);
  const cells = steps.map((t) => {
    const place = placeIn(scale, errors[t]);
    const color = Number.isNaN(place) ? 'transparent' : `rgb(${interpolated(place).join(' ')})`;
    const ink = Number.isNaN(place) ? 'inherit' : place > LIGHT_FROM ? '#111' : '#fff';
    return markup`<li><span class="read" style="background:${color};color:${ink}">${symbol(tape.inputs[t])}</span><span class="asked shade-${lossClass(
      tape.lossNats[t],
    )}">${symbol(tape.targets[t])}</span><span class="loss">${tape.lossNats[t].toFixed(1)}</span></li>`;
  });
  const window = `stream ${tape.stream + 1} of ${tape.streams}, iteration ${groupDigits(tape.iteration)}`;
  return markup`<figure><ol class="tape" aria-label="The ${T} time steps of ${window}">${cells}</ol>
${colorBar(scale)}
<figcaption>Each cell is a time step of ${window}, from the character ${groupDigits(tape.position)} of the text on. Above: the character read, on the colour of ${errorLabel}, the error at its hidden state. Below: the character asked for, the more strongly shaded the greater its loss, and that loss in nats.</figcaption></figure>
<details><summary>The window as a table</summary>${table(
    `Time steps of ${window}`,
    [
      't',
      'read',
      'asked for',
      'said',
      'probability',
      'loss, nats',
      errorLabel,
      ...(weight === undefined ? [] : [stepNormLabelOf(network, weight)]),
      'own error',
      'from the future',
    ],
    steps.map((t) => [
      t,
      symbol(tape.inputs[t]),
      symbol(tape.targets[t]),
      symbol(tape.predicted[t]),
      formatProbability(tape.targetProbability[t]),
      tape.lossNats[t].toFixed(3),
      formatNorm(errors[t]),
      ...(weights === undefined ? [] : [formatNorm(weights[t])]),
      formatNorm(tape.ownNorm[t]),
      formatNorm(tape.futureNorm[t]),
    ]),
  )}</details>`;
}
