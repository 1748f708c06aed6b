import { readersOf, type Network, type NetworkEquation } from '../../../network/network.ts';
import { written } from '../../../network/names.ts';
import { listedTexts } from '../../../network/quantities.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { dot, largestDifference, largestMagnitude, norm } from '../../charts/tapeStrip.ts';
import { hasFolds } from '../../network/folds.ts';
import { errorAt, timed } from '../../network/notation.ts';
import { layerOf } from '../../network/quantities.ts';
import { slopeVector } from './slopeVector.ts';
import { units, type StepContent, type TermNorms, type UnitColumnName, type VectorShown } from './shownVectors.ts';
import { sumOf, termsOf, type Term } from './terms.ts';
import { futureKey } from './unitKeys.ts';
import { formatPercent, formatValue } from './values.ts';

/** How the error of a state is split: what comes from its own time step, by each way, and what comes from the future. No DOM. */

type Vectors = Readonly<Record<string, Float64Array>>;

/** A way by which error comes to a state from its own time step. */
export interface Way {
  readonly isOfOutput: boolean;
  /** As a sentence has it, and as a label. */
  readonly from: string;
  readonly label: string;
  /** Where there is little room. */
  readonly short: string;
  readonly terms: readonly Term[];
  /** What those that read the state give. */
  readonly readers: readonly string[];
}

/** The parts of the error, and their sum, on one scale. */
export function splitOfState(network: Network, state: string, numbers: StepDetail): StepContent {
  const [future, error] = [numbers.future[state], numbers.errors[state]];
  const ways = waysTo(network, state);
  const parts = ways.map((way) => cameBy(way, ways.length, state, numbers));
  const largest = largestMagnitude(...parts, future, error);
  const { next } = termsOf(network, state);
  const layer = layerOf(network, state);
  const column = (key: string): UnitColumnName => ({ layer, key });
  const labelled = (vector: VectorShown, label: string): VectorShown =>
    hasFolds(network) ? { ...vector, label } : vector;
  const vectors = [
    ...slopesOf(network, state, numbers),
    ...ways.map((way, index) => {
      const key = wayKey(state, way, ways.length);
      return labelled(units(key, sumOf(way.terms), parts[index], column(key), largest), way.label);
    }),
    labelled(units(futureKey(state), sumOf(next), future, column(futureKey(state)), largest), 'from the future'),
    labelled(units(`d${state}`, errorAt(state), error, column(`d${state}`), largest), 'their sum'),
  ];
  const terms = [
    ...ways.flatMap(({ label, terms: ofWay }) =>
      termNorms(`Norms of the terms ${label}`, ofWay, numbers.terms[state].own),
    ),
    ...termNorms('Norms of the terms from the future', next, numbers.terms[state].future),
  ];
  return { vectors, terms, facts: factsOf(state, numbers, ways, parts) };
}

/** The norms of terms, where there is more than one. */
export function termNorms(caption: string, terms: readonly Term[], vectors: Vectors): TermNorms[] {
  const shown = terms.flatMap(({ reader, markup }) =>
    reader in vectors ? [{ key: reader, markup, norm: norm(vectors[reader]) }] : [],
  );
  return shown.length > 1 ? [{ caption, terms: shown }] : [];
}

function factsOf(
  state: string,
  { t, T, own: { [state]: own }, future: { [state]: future }, errors: { [state]: error } }: StepDetail,
  ways: readonly Way[],
  parts: readonly Float64Array[],
): string[] {
  const isOfOutput = ways.every((way) => way.isOfOutput);
  if (t === T - 1) {
    const whole = isOfOutput ? 'its own' : `of this time step, ${listedTexts(ways.map(({ label }) => label))}`;
    return [`This is the last step of the window: all of its error is ${whole}.`];
  }
  const [ownNorm, futureNorm, partNorms] = [norm(own), norm(future), parts.map(norm)];
  const all = partNorms.reduce((sum, part) => sum + part, futureNorm);
  if (all === 0) return [`No error came in from either side: ${errorAt(state)} is 0.`];
  const shares = partNorms.map((part, index) => `${formatPercent(part / all)} ${ways[index].from}`);
  const added = Float64Array.from(future, (value, i) => parts.reduce((sum, part) => sum + part[i], value));
  const [counted, two] = ways.length === 1 ? ['the two norms', 'The two'] : ['the norms', 'They'];
  return [
    `${formatPercent(futureNorm / all)} comes from the future, ${listedTexts(shares)} (shares of ${counted}).`,
    alignment(ownNorm === 0 || futureNorm === 0 ? 0 : dot(own, future) / ownNorm / futureNorm, isOfOutput),
    `${two} add up to ${errorAt(state)}; the largest difference in any unit is ${formatValue(largestDifference(added, error))}.`,
  ];
}

/** By the output, by the layer above, or by a quantity of the same layer. */
export function waysTo(network: Network, state: string): Way[] {
  const layerOf = (name: string): number | undefined => network.quantities.find((one) => one.name === name)?.layer;
  const { now } = termsOf(network, state);
  const ways = new Map<string, Way>();
  for (const term of now) {
    const layer = layerOf(term.reader);
    const [from, label, short] =
      layer === undefined
        ? ['from this step’s own error', 'from the output', 'own']
        : layer !== layerOf(state)
          ? [`from layer ${layer}`, `from layer ${layer}`, `from layer ${layer}`]
          : [
              `from this time step through ${timed(term.reader)}`,
              `through ${timed(term.reader)}`,
              `through ${written(term.reader)}`,
            ];
    const way = ways.get(from) ?? { from, label, short, isOfOutput: layer === undefined, terms: [], readers: [] };
    ways.set(from, { ...way, terms: [...way.terms, term], readers: [...way.readers, term.reader] });
  }
  return [...ways.values()];
}

/** What comes to a state in its time step, in words: its own where that is of the output, else where it comes from. */
export function nowText(network: Network, state: string): string {
  const ways = waysTo(network, state);
  return ways.every(({ isOfOutput }) => isOfOutput) ? 'own' : listedTexts(ways.map(({ label }) => label));
}

/** The slopes of the activations that read a state. */
function slopesOf(network: Network, state: string, numbers: StepDetail): VectorShown[] {
  return readersOf(network, state).now.flatMap((reader: NetworkEquation) =>
    'apply' in reader
      ? [
          slopeVector(network, reader.apply, reader.gives, numbers),
          units(`d${reader.gives}`, errorAt(reader.gives), numbers.errors[reader.gives], {
            layer: layerOf(network, reader.gives),
            key: `d${reader.gives}`,
          }),
        ]
      : [],
  );
}

/** What comes to a state by one of so many ways: of a single one, all that is of its own time step. */
export function cameBy({ readers }: Way, ways: number, state: string, numbers: StepDetail): Float64Array {
  const own = numbers.own[state];
  if (ways === 1) return own;
  const terms: Vectors = numbers.terms[state].own;
  return own.map((_value, i) => readers.reduce((sum, reader) => sum + terms[reader][i], 0));
}

export function wayKey(state: string, { readers }: Way, ways: number): string {
  return ways === 1 ? `d${state}-own` : `d${state}-by-${readers[0]}`;
}

function alignment(cosine: number, isOfOutput: boolean): string {
  const how =
    cosine > 0.3
      ? 'pull the same way'
      : cosine < -0.3
        ? 'pull against each other'
        : 'pull in nearly unrelated directions';
  return `${isOfOutput ? 'The two' : 'This time step and the future'} ${how} (cosine ${formatValue(cosine)}).`;
}
