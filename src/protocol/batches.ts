import * as v from 'valibot';
import { Inspection, Sample } from './run.ts';

/**
 * Inspections and samples as they travel to the panel: many of them in few typed arrays. VS Code passes every typed array
 * of a message as an argument of its own and counts the arguments in one byte, so that those after about 250 arrive empty.
 */
export const InspectionBatch = v.object({
  iterations: v.array(v.number()),
  /** (inspections, step quantities, T) */
  stepNorm: v.instance(Float32Array),
  /** (inspections, parameters, T) */
  stepCosine: v.instance(Float32Array),
  /** (inspections, T) */
  inputs: v.instance(Int32Array),
  targets: v.instance(Int32Array),
});
export type InspectionBatch = v.InferOutput<typeof InspectionBatch>;

export const SampleBatch = v.object({
  samples: v.array(v.omit(Sample, ['probability'])),
  /** Of all characters of all samples, in order. */
  probability: v.instance(Float32Array),
});
export type SampleBatch = v.InferOutput<typeof SampleBatch>;

export function packInspections(inspections: readonly Inspection[]): InspectionBatch {
  return {
    iterations: inspections.map(({ iteration }) => iteration),
    stepNorm: joined(Float32Array, inspections, ({ stepNorm }) => stepNorm),
    stepCosine: joined(Float32Array, inspections, ({ stepCosine }) => stepCosine),
    inputs: joined(Int32Array, inspections, ({ inputs }) => inputs),
    targets: joined(Int32Array, inspections, ({ targets }) => targets),
  };
}

/** @throws {RangeError} where the lengths contradict each other. */
export function unpackInspections(batch: InspectionBatch): Inspection[] {
  const count = batch.iterations.length;
  const T = count === 0 ? 0 : batch.inputs.length / count;
  const fits =
    Number.isInteger(T) &&
    batch.targets.length === count * T &&
    isOfSteps(batch.stepNorm, count * T) &&
    isOfSteps(batch.stepCosine, count * T);
  if (!fits) throw new RangeError(`${count} inspections have arrays of lengths that do not fit together`);
  return batch.iterations.map((iteration, index) => ({
    iteration,
    stepNorm: part(batch.stepNorm, index, batch.stepNorm.length / count),
    stepCosine: part(batch.stepCosine, index, batch.stepCosine.length / count),
    inputs: part(batch.inputs, index, T),
    targets: part(batch.targets, index, T),
  }));
}

export function packSamples(samples: readonly Sample[]): SampleBatch {
  return {
    samples: samples.map(({ iteration, prompt, temperature, topK, characters }) => ({
      iteration,
      prompt,
      temperature,
      topK,
      characters,
    })),
    probability: joined(Float32Array, samples, ({ probability }) => probability),
  };
}

/** @throws {RangeError} where there is not one probability for every character. */
export function unpackSamples({ samples, probability }: SampleBatch): Sample[] {
  let from = 0;
  const unpacked = samples.map((sample) => {
    const to = from + sample.characters.length;
    const own = { ...sample, probability: probability.slice(from, to) };
    from = to;
    return own;
  });
  if (from !== probability.length) {
    throw new RangeError(`${from} sampled characters have ${probability.length} probabilities`);
  }
  return unpacked;
}

function joined<A extends Float32Array | Int32Array, Item>(
  Type: new (length: number) => A,
  items: readonly Item[],
  arrayOf: (item: Item) => A,
): A {
  const whole = new Type(items.reduce((length, item) => length + arrayOf(item).length, 0));
  let from = 0;
  for (const item of items) {
    whole.set(arrayOf(item), from);
    from += arrayOf(item).length;
  }
  return whole;
}

/** Whether there are numbers, as many of each time step; where there are no time steps, none. */
function isOfSteps({ length }: Float32Array, steps: number): boolean {
  return steps === 0 ? length === 0 : length > 0 && length % steps === 0;
}

/** A copy, so that keeping one part does not keep the whole batch. */
function part<A extends Float32Array | Int32Array>(whole: A, index: number, length: number): A {
  return whole.slice(index * length, (index + 1) * length) as A;
}
