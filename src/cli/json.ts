import * as v from 'valibot';
import { decodeText } from '../text/decode.ts';
import { CommandError } from './errors.ts';
import { readInput } from './files.ts';

/**
 * The value in a JSON file, as a schema understands it.
 * @throws {CommandError} in one line, naming the file and the first field that is wrong.
 */
export async function readJson<S extends v.GenericSchema>(path: string, schema: S): Promise<v.InferOutput<S>> {
  const text = decodeText(await readInput(path), path);
  const parsed = v.safeParse(schema, parseJson(text, path));
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw malformed(path, v.getDotPath(issue), issue.message);
}

export function malformed(path: string, field: string | null, problem: string): CommandError {
  return new CommandError(`"${path}" cannot be used: ${field === null ? '' : `${field}: `}${problem}`);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(path, null, `it is not JSON. ${(error as Error).message.split('\n', 1)[0]}`);
  }
}

/** A JSON array of arrays … of finite numbers with the given sizes, as a flat array in row-major order. */
export function tensor(sizes: readonly number[]) {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, Float64Array>(({ dataset, addIssue, NEVER }) => {
      const flat: number[] = [];
      const problem = flatten(dataset.value, sizes, flat, '');
      if (problem === undefined) return Float64Array.from(flat);
      addIssue({ message: problem });
      return NEVER;
    }),
  );
}

/** The ids of a vocabulary of V symbols with the given sizes, as a flat array in row-major order. */
export function idTensor(sizes: readonly number[], V: number) {
  return v.pipe(
    tensor(sizes),
    v.check(
      (ids) => ids.every((id) => Number.isInteger(id) && id >= 0 && id < V),
      `It must hold whole numbers from 0 to ${V - 1} only.`,
    ),
    v.transform((ids) => Int32Array.from(ids)),
  );
}

/** Appends the numbers of `value` to `flat`; returns what is wrong with it, if anything is. */
function flatten(value: unknown, sizes: readonly number[], flat: number[], where: string): string | undefined {
  const at = where === '' ? 'It' : `Its element ${where}`;
  if (sizes.length === 0) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return `${at} is ${shown(value)}, not a finite number.`;
    flat.push(value);
    return undefined;
  }
  const [size, ...inner] = sizes;
  if (!Array.isArray(value)) return `${at} is ${shown(value)}, not an array of ${size}.`;
  if (value.length !== size) return `${at} has ${value.length} elements, not ${size}.`;
  for (const [index, element] of value.entries()) {
    const problem = flatten(element, inner, flat, `${where}[${index}]`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
}

/** A flat array as nested ones of the given sizes: the inverse of `tensor`. */
export type Nested = number | Nested[];
export function nested(flat: ArrayLike<number>, sizes: readonly number[], offset = 0): Nested {
  if (sizes.length === 0) return flat[offset];
  const [size, ...inner] = sizes;
  const stride = inner.reduce((product, factor) => product * factor, 1);
  return Array.from({ length: size }, (_, index) => nested(flat, inner, offset + index * stride));
}
