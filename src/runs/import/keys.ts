import type { Direction } from './symbolForms.ts';

/** The names under which programs keep what concerns an import, however they are written: `char_to_idx`, `charToIdx`, `char2idx`. */

const SYMBOL =
  '(?:c|s|ch|chr|char|chars|character|characters|letter|letters|str|string|sym|symbol|symbols|tok|token|tokens|vocab|word)';
const ID = '(?:i|n|id|ids|idx|idxs|ix|int|ints|ind|index|indexes|indices|num|number)';
const TO_ID = new RegExp(`^(?:${SYMBOL}(?:2|to)?${ID}|${SYMBOL}dict|stoi|encoder)$`);
const TO_SYMBOL = new RegExp(`^(?:${ID}(?:2|to)?${SYMBOL}|itos|decoder)$`);
const LIST =
  /^(?:vocabulary|vocab|chars|characters|charset|characterset|alphabet|symbols|letters|charlist|vocablist|codepoints|codes|dictionary)$/;

/** Which way the vocabulary goes that has this name; undefined for other names. */
export function vocabularyDirection(key: string): Direction | undefined {
  const name = plain(key);
  if (LIST.test(name)) return 'either';
  if (TO_ID.test(name)) return 'symbolToId';
  return TO_SYMBOL.test(name) ? 'idToSymbol' : undefined;
}

const NONLINEARITY =
  /^(?:rnn|hidden|recurrent|cell)?(?:nonlinearity|nonlin|activation|activationfunction|act|actfn|activationfn)$/;
const MODE = /^(?:mode|rnntype|rnnmode|cell|celltype|rnncell|modeltype|model|type|architecture|arch)$/;

/** Whether a value of this name says the nonlinearity by itself, or only among other things, as PyTorch's `RNN_TANH`. */
export function nonlinearityRole(key: string): 'nonlinearity' | 'mode' | undefined {
  const name = plain(key);
  if (NONLINEARITY.test(name)) return 'nonlinearity';
  return MODE.test(name) ? 'mode' : undefined;
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]/g, '');
}
