import type { RandomStream } from '../common/random.ts';

/**
 * A grammar without recursion that writes one sentence at a time: literal text, one part after the other, a choice with
 * fixed probabilities, and words that are remembered and come back. One description serves `write` and `measure`, so the
 * text and its entropy cannot drift apart.
 */
export type Grammar = string | readonly Grammar[] | Choice | Remembered | Recalled;

interface Choice {
  readonly kind: 'choice';
  readonly branches: readonly { readonly probability: number; readonly grammar: Grammar }[];
}

/** A choice among words whose outcome is known by `name` in the rest of the sentence. */
interface Remembered {
  readonly kind: 'remembered';
  readonly name: string;
  readonly words: readonly Word[];
}

/** The word that was remembered, or the text that `instead` has for it: no choice, so no entropy. */
interface Recalled {
  readonly kind: 'recalled';
  readonly name: string;
  readonly instead: Readonly<Record<string, string>> | undefined;
}

interface Word {
  readonly probability: number;
  readonly text: string;
}

/** Branches with probabilities in proportion to their weights. */
export function choice(...branches: readonly (readonly [weight: number, grammar: Grammar])[]): Choice {
  const total = branches.reduce((sum, [weight]) => sum + weight, 0);
  return {
    kind: 'choice',
    branches: branches.map(([weight, grammar]) => ({ probability: weight / total, grammar })),
  };
}

/** One of the words, the first the likeliest: weights fall evenly from the number of words to 1. */
export function word(...texts: readonly string[]): Choice {
  return choice(...texts.map((text, rank) => [texts.length - rank, text] as const));
}

/** One of the words as `word` chooses it, known by `name` from here on. */
export function remember(name: string, ...texts: readonly string[]): Remembered {
  const words = word(...texts).branches.map(({ probability }, rank) => ({ probability, text: texts[rank] }));
  return { kind: 'remembered', name, words };
}

export function recall(name: string, instead?: Readonly<Record<string, string>>): Recalled {
  return { kind: 'recalled', name, instead };
}

/** One sentence, drawn from the grammar. */
export function write(grammar: Grammar, random: RandomStream, memory = new Map<string, string>()): string {
  if (typeof grammar === 'string') return grammar;
  if (!('kind' in grammar)) return grammar.map((part) => write(part, random, memory)).join('');
  switch (grammar.kind) {
    case 'choice':
      return write(draw(grammar.branches, random).grammar, random, new Map(memory));
    case 'remembered': {
      const { text } = draw(grammar.words, random);
      memory.set(grammar.name, text);
      return text;
    }
    case 'recalled':
      return textOf(grammar, found(memory, grammar.name));
  }
}

/** What a grammar's sentences are on average. */
export interface Measure {
  /** −Σ p log p over all sentences, nats, provided that no sentence can be written in two ways. */
  readonly entropyNats: number;
  /** Characters. */
  readonly length: number;
}

/**
 * The entropy and the mean length of a sentence: every choice adds its own entropy and the mean of its branches, and a
 * recalled word only its length, whose mean needs nothing but the probabilities of the words it was remembered from.
 */
export function measure(grammar: Grammar, memory = new Map<string, readonly Word[]>()): Measure {
  if (typeof grammar === 'string') return { entropyNats: 0, length: grammar.length };
  if (!('kind' in grammar)) return sum(grammar.map((part) => ({ probability: 1, ...measure(part, memory) })));
  switch (grammar.kind) {
    case 'choice':
      return sum(
        grammar.branches.map(({ probability, grammar: branch }) => {
          const { entropyNats, length } = measure(branch, new Map(memory));
          return { probability, entropyNats: entropyNats - Math.log(probability), length };
        }),
      );
    case 'remembered':
      memory.set(grammar.name, grammar.words);
      return sum(
        grammar.words.map(({ probability, text }) => ({
          probability,
          entropyNats: -Math.log(probability),
          length: text.length,
        })),
      );
    case 'recalled':
      return sum(
        found(memory, grammar.name).map(({ probability, text }) => ({
          probability,
          entropyNats: 0,
          length: textOf(grammar, text).length,
        })),
      );
  }
}

/** The text that stands where a word comes back. */
export function textOf(recalled: Recalled, text: string): string {
  return recalled.instead === undefined ? text : found(new Map(Object.entries(recalled.instead)), text);
}

function sum(parts: readonly (Measure & { readonly probability: number })[]): Measure {
  return {
    entropyNats: parts.reduce((total, part) => total + part.probability * part.entropyNats, 0),
    length: parts.reduce((total, part) => total + part.probability * part.length, 0),
  };
}

function draw<B extends { readonly probability: number }>(branches: readonly B[], random: RandomStream): B {
  let left = random.uniform();
  for (const branch of branches.slice(0, -1)) {
    if (left < branch.probability) return branch;
    left -= branch.probability;
  }
  return branches[branches.length - 1];
}

function found<V>(memory: ReadonlyMap<string, V>, name: string): V {
  const value = memory.get(name);
  if (value === undefined) throw new RangeError(`The grammar recalls "${name}", which was not remembered.`);
  return value;
}
