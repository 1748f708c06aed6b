import { formatLoss, formatNorm, formatShare, groupDigits } from '../../../common/format.ts';
import { written } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { recurrentWeight, stepRow } from '../../../network/quantities.ts';
import { saturationOf } from '../../../network/slopes.ts';
import { wayBackOf } from '../../../network/wayBack.ts';
import { healthOf, type Health } from '../../../history/health/health.ts';
import { NOT_KNOWN } from '../../../history/health/judgements.ts';
import type { VitalSign } from '../../../history/health/sign.ts';
import type { Validation } from '../../../protocol/events.ts';
import { isOwnValidation } from '../../../protocol/storedRun.ts';
import { verdict } from '../../../protocol/verdict.ts';
import type { ExportedRun } from '../exportedRun.ts';
import { functionsTable } from './functions.ts';
import { markup, type Markup } from './markup.ts';
import { table } from './table.ts';

/** What the numbers of a run say, in sentences. The judgements are those of the health strip. */

function signNamesOf(network: Network): Readonly<Record<VitalSign['id'], string>> {
  const way = wayBackOf(network);
  return {
    gradient: 'gradient norm before clipping',
    update: 'update / weight',
    saturation: saturationOf(network).called,
    dead: 'dead units',
    horizon: 'memory horizon',
    radius: way === undefined ? 'Lyapunov exponent' : `spectral radius of ${written(way.weight)}`,
    gap: 'validation gap',
  };
}

/** A range of step norms beyond this is worth a word: the smallest step hardly counts in the sum. */
const NOTABLE_RANGE = 10;

export function findingsSection(run: ExportedRun): Markup {
  const { signs } = healthOfRun(run);
  const sentences = findings(run);
  const names = signNamesOf(run.network);
  const rows = signs.map((sign) => [
    names[sign.id],
    sign.text,
    sign.word === NOT_KNOWN.word ? 'not measured' : sign.word,
  ]);
  return markup`<ul class="findings">${sentences.map((sentence) => markup`<li>${sentence}</li>`)}</ul>
${table('Vital signs at the last measurement', ['sign', 'value', 'judgement'], rows)}${functionsTable(run)}`;
}

/** The sentences, the result first. */
export function findings(run: ExportedRun): string[] {
  const { history } = run;
  if (history.iterations === 0) return ['No iteration was done, so there is nothing to tell.'];
  const { signs, summary } = healthOfRun(run);
  const { evidence, condition } = summary;
  return [
    ...lossSentences(run),
    ...(evidence.length === 0
      ? [
          condition === 'unknown'
            ? 'It is too early to tell how healthy training is.'
            : `No vital sign that was measured is out of its usual range${unmeasured(signs)}.`,
        ]
      : evidence.map((text) => `${text}.`)),
    ...stepSentences(run),
  ];
}

function healthOfRun({ run, history, baselines }: ExportedRun): Health {
  return healthOf({ description: run, history, notFinite: run.notFinite }, baselines, 'nats');
}

function isMeasured({ value }: Pick<VitalSign, 'value'>): boolean {
  return !Number.isNaN(value);
}

/** How many vital signs nobody measured: memory is looked into only where a panel shows the run. */
function unmeasured(signs: readonly VitalSign[]): string {
  const missing = signs.filter((sign) => !isMeasured(sign)).length;
  return missing === 0 ? '' : `; ${missing} of ${signs.length} were not measured`;
}

function lossSentences(run: ExportedRun): string[] {
  const { history, baselines } = run;
  const isFork = run.run.forkedFrom !== undefined;
  const own = history.of('validation').filter(({ iteration }) => isOwnValidation(run.run, iteration));
  const lowest = lowestOf(own);
  const trained = history.newest('lossSmoothedNats');
  if (lowest === undefined) {
    const known =
      run.run.facts?.validationCharacters === 0
        ? 'This run keeps no validation text'
        : own.length > 0
          ? 'No validation loss is a finite number'
          : `The network was not validated${isFork ? ' since the fork' : ''}`;
    return [`${known}, so nothing says how good its loss is. The smoothed training loss ended at ${loss(trained)}.`];
  }
  const newest = own[own.length - 1];
  const sentences = [
    `The lowest validation loss${isFork ? ' since the fork' : ''} is ${loss(lowest.lossNats)}, a perplexity of ${formatNorm(Math.exp(lowest.lossNats))}, after ${groupDigits(lowest.iteration)} iterations.`,
  ];
  if (baselines !== undefined) sentences.push(`That is ${verdict(lowest.lossNats, baselines, 'nats')}.`);
  const entropy = run.run.facts?.knownEntropyNats;
  if (entropy !== undefined) {
    const above = lowest.lossNats - entropy;
    sentences.push(
      `The entropy of the source is ${formatLoss(entropy, 'nats')} nats per character: the network is ${formatLoss(above, 'nats')} above what can be reached.`,
    );
  }
  const gap = newest.lossNats - trained;
  const last =
    newest === lowest
      ? 'This validation is the last one'
      : `The last validation loss, after ${groupDigits(newest.iteration)} iterations, is ${loss(newest.lossNats)}`;
  sentences.push(
    `${last}; the smoothed training loss ended at ${formatLoss(trained, 'nats')} nats, ${formatLoss(Math.abs(gap), 'nats')} ${gap >= 0 ? 'below' : 'above'} it.`,
  );
  return sentences;
}

/** Which steps of the last inspected window make the gradient of the recurrent weights, and which parameter most of the whole. */
function stepSentences(run: ExportedRun): string[] {
  const { history, network } = run;
  const inspection = history.of('inspection').at(-1);
  if (inspection === undefined) return [];
  const T = inspection.inputs.length;
  const weight = recurrentWeight(network);
  if (weight === undefined) return largestSentences(run);
  const norms = stepRow(network, inspection.stepNorm, weight);
  if (!norms.every((norm) => Number.isFinite(norm) && norm > 0)) return [];
  const [least, most] = [norms.indexOf(Math.min(...norms)), norms.indexOf(Math.max(...norms))];
  const window = `In the last inspected window, iteration ${groupDigits(inspection.iteration)},`;
  const ratio = norms[most] / norms[least];
  const range =
    ratio < NOTABLE_RANGE
      ? `the ${T} steps contribute to the gradient of ${written(weight)} within one order of magnitude`
      : `the steps contribute unequally to the gradient of ${written(weight)}`;
  const sentence = `${window} ${range}: from ${formatNorm(norms[least])} at t = ${least} to ${formatNorm(norms[most])} at t = ${most}, ${formatNorm(ratio)} times as much.`;
  return [sentence, ...largestSentences(run)];
}

/** Which parameter has most of the gradient; nothing where that is no number. */
function largestSentences({ history, network }: ExportedRun): string[] {
  const totals = network.parameterNames.map((name) => ({ name, norm: history.newest(`gradNorm_${name}`) }));
  const largest = totals.reduce((one, other) => (other.norm > one.norm ? other : one));
  const share = (largest.norm / history.newest('gradNorm')) ** 2;
  if (!Number.isFinite(share)) return [];
  return [`At the last iteration ${written(largest.name)} makes ${formatShare(share)} of the squared gradient norm.`];
}

function lowestOf(validations: readonly Validation[]): Validation | undefined {
  return validations.reduce<Validation | undefined>(
    (lowest, each) => (each.lossNats < (lowest?.lossNats ?? Infinity) ? each : lowest),
    undefined,
  );
}

function loss(nats: number): string {
  return `${formatLoss(nats, 'nats')} nats per character (${formatLoss(nats, 'bits')} bits)`;
}
