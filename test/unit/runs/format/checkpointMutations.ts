import { RandomStream } from '../../../../src/common/random.ts';
import { fileOf, headerOf } from './checkpointFixtures.ts';

/** Ways to damage a file of tensors, by accident or on purpose; each gives a new file. */
type Mutation = (bytes: Uint8Array, random: RandomStream) => Uint8Array;

const NUMBERS = [
  '0',
  '-1',
  '1',
  '1.5',
  '1e400',
  '9007199254740993',
  '4294967296',
  '1e-5',
  '-0',
  '20001',
  'null',
  '"1"',
];
const TOKENS = [
  ...NUMBERS,
  '[]',
  '{}',
  '[[[[',
  '"W_ah"',
  '"__proto__"',
  '"F32"',
  '"F64"',
  '"BF16"',
  '"I64"',
  'true',
  '',
  ',',
];
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[[\]{},:]/g;
const NAME = /"(?:[^"\\]|\\.)*":/g;

const MUTATIONS: readonly Mutation[] = [
  flipHeaderBytes,
  changeLength,
  replaceToken,
  replaceToken,
  replaceInMetadata,
  exchangeTokens,
  repeatName,
  moveTensor,
  truncate,
  extend,
  changeData,
  putNotFinite,
  cutOut,
];

export function mutated(bytes: Uint8Array, random: RandomStream): Uint8Array {
  let result = MUTATIONS[random.integer(MUTATIONS.length)](bytes, random);
  while (random.uniform() < 0.1 && result.length > 16) {
    const kind = random.integer(MUTATIONS.length);
    // What reads the header as JSON needs one that has the length it says.
    if (Number(new DataView(result.buffer).getBigUint64(0, true)) > result.length - 8) return result;
    result = MUTATIONS[kind](result, random);
  }
  return result;
}

function flipHeaderBytes(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const copy = bytes.slice();
  const { dataStart } = headerOf(bytes);
  for (let count = 1 + random.integer(3); count > 0; count--) {
    copy[8 + random.integer(dataStart - 8)] ^= 1 << random.integer(8);
  }
  return copy;
}

function changeLength(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const copy = bytes.slice();
  const length = headerOf(bytes).dataStart - 8;
  const lengths = [
    0n,
    1n,
    BigInt(length - 8),
    BigInt(length + 8),
    BigInt(bytes.length),
    2n ** 20n,
    2n ** 31n,
    2n ** 63n,
    2n ** 64n - 1n,
  ];
  if (random.uniform() < 0.5) copy[random.integer(8)] = random.integer(256);
  else new DataView(copy.buffer).setBigUint64(0, lengths[random.integer(lengths.length)], true);
  return copy;
}

function replaceToken(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const { json, dataStart } = headerOf(bytes);
  const token = someToken(json, random);
  const changed = json.slice(0, token.from) + TOKENS[random.integer(TOKENS.length)] + json.slice(token.to);
  return fileOf(changed, bytes.subarray(dataStart));
}

/** A value of the metadata, whatever it is, with other characters in it. */
function replaceInMetadata(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const { json, dataStart } = headerOf(bytes);
  const { __metadata__: metadata, ...tensors } = objectOf(json);
  if (typeof metadata !== 'object' || metadata === null) return truncate(bytes, random);
  const entries = Object.entries(metadata);
  const entry = entries[random.integer(entries.length)];
  if (entry === undefined || typeof entry[1] !== 'string') return truncate(bytes, random);
  const text = entry[1];
  const at = random.integer(text.length + 1);
  const to = at + random.integer(3);
  entry[1] = text.slice(0, at) + NUMBERS[random.integer(NUMBERS.length)] + text.slice(to);
  return fileOf(JSON.stringify({ __metadata__: Object.fromEntries(entries), ...tensors }), bytes.subarray(dataStart));
}

function exchangeTokens(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const { json, dataStart } = headerOf(bytes);
  const [one, other] = [someToken(json, random), someToken(json, random)].sort((a, b) => a.from - b.from);
  if (one.to > other.from) return truncate(bytes, random);
  const changed =
    json.slice(0, one.from) +
    json.slice(other.from, other.to) +
    json.slice(one.to, other.from) +
    json.slice(one.from, one.to) +
    json.slice(other.to);
  return fileOf(changed, bytes.subarray(dataStart));
}

/** A name of the header or of what is in it, with another value before its own. */
function repeatName(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const { json, dataStart } = headerOf(bytes);
  const names = [...json.matchAll(NAME)];
  if (names.length === 0) return truncate(bytes, random);
  const { index, 0: name } = names[random.integer(names.length)];
  const changed = `${json.slice(0, index)}${name}${TOKENS[random.integer(TOKENS.length)]},${json.slice(index)}`;
  return fileOf(changed, bytes.subarray(dataStart));
}

/** A tensor that says that its bytes are elsewhere. */
function moveTensor(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const { json, dataStart } = headerOf(bytes);
  const header = objectOf(json);
  const names = Object.keys(header);
  const entry = header[names[random.integer(names.length)]] as { data_offsets?: unknown } | undefined;
  if (!Array.isArray(entry?.data_offsets)) return truncate(bytes, random);
  const distance = 4 * (random.integer(9) - 4);
  entry.data_offsets = entry.data_offsets.map((offset) => Number(offset) + distance);
  return fileOf(JSON.stringify(header), bytes.subarray(dataStart));
}

function truncate(bytes: Uint8Array, random: RandomStream): Uint8Array {
  return bytes.slice(0, random.integer(bytes.length));
}

function extend(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const extended = new Uint8Array(bytes.length + 1 + random.integer(64));
  extended.set(bytes);
  for (let at = bytes.length; at < extended.length; at++) extended[at] = random.integer(256);
  return extended;
}

function changeData(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const copy = bytes.slice();
  const { dataStart } = headerOf(bytes);
  if (dataStart >= copy.length) return copy;
  for (let count = 1 + random.integer(8); count > 0; count--) {
    copy[dataStart + random.integer(copy.length - dataStart)] = random.integer(256);
  }
  return copy;
}

function putNotFinite(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const copy = bytes.slice();
  const { dataStart } = headerOf(bytes);
  const numbers = Math.floor((copy.length - dataStart) / 8);
  if (numbers < 1) return copy;
  const value = [NaN, Infinity, -Infinity][random.integer(3)];
  const at = dataStart + 8 * random.integer(numbers);
  const view = new DataView(copy.buffer);
  if (random.uniform() < 0.5) view.setFloat64(at, value, true);
  else view.setFloat32(at, value, true);
  return copy;
}

function cutOut(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const from = random.integer(bytes.length);
  const to = Math.min(bytes.length, from + 1 + random.integer(32));
  const rest = new Uint8Array(bytes.length - (to - from));
  rest.set(bytes.subarray(0, from));
  rest.set(bytes.subarray(to), from);
  return rest;
}

function someToken(json: string, random: RandomStream): { readonly from: number; readonly to: number } {
  TOKEN.lastIndex = random.integer(Math.max(1, json.length));
  const match = TOKEN.exec(json);
  const from = match?.index ?? 0;
  return { from, to: from + (match?.[0].length ?? 1) };
}

function objectOf(json: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(json) as object) };
  } catch {
    return {};
  }
}
