import { RandomStream } from '../common/random.ts';
import { choice, type Grammar, measure, recall, remember, word, write } from './grammar.ts';
import type { IdSource } from './ids.ts';
import type { Vocabulary } from './vocabulary.ts';

/*
 * The sample text: short sentences from a small grammar whose entropy is known, each on a line of its own and
 * independent of the others. What a sentence holds decides what comes later in it. The lag is the number of characters
 * from the last one that has to be remembered to the first one that it decides, the shortest and the longest in the text:
 *
 *   an aside's bracket that closes      "The key (the old one) is mine," said Irma.                                12–15
 *   singular or plural                  The geese by the river were asleep.                                        15–24
 *   a quotation mark that closes        "The key is mine," said Irma.                                              17–42
 *   a thing that comes back             Anna hid the red lamp by the river, and the lamp is known only to Anna.    23–32
 *   which of three brackets closes      [A door opens behind the mill.]                                            24–37
 *   a name and its pronoun              Hugo sat on the hill because he was tired.                                 26–38
 *   a deed and its consequence          hid … is known only to; lost … is still missed by                          39–57
 *   an echo, word for word              Far away bim bam bom went the bells, and the hills went bim bam bom.          45
 *   a name that comes back              Anna hid the red lamp by the river, and the lamp is known only to Anna.    58–78
 */

const who = remember('who', 'Anna', 'Boris', 'Clara', 'David', 'Elena', 'Felix', 'Greta', 'Hugo', 'Irma', 'Jonas');
const PRONOUNS = {
  Anna: 'she',
  Boris: 'he',
  Clara: 'she',
  David: 'he',
  Elena: 'she',
  Felix: 'he',
  Greta: 'she',
  Hugo: 'he',
  Irma: 'she',
  Jonas: 'he',
};
const thing = remember(
  'thing',
  'lamp',
  'key',
  'coat',
  'drum',
  'boat',
  'ring',
  'map',
  'basket',
  'ladder',
  'mirror',
  'kettle',
  'violin',
);
const adjective = word('red', 'old', 'small', 'heavy', 'silver', 'green', 'wooden', 'yellow', 'broken', 'empty');
const place = word(
  'by the river',
  'behind the mill',
  'under the bridge',
  'on the hill',
  'at the market',
  'in the kitchen',
  'near the garden wall',
  'along the road',
  'beside the well',
  'outside the town',
);

const possession: Grammar = [
  remember('deed', 'found', 'lost', 'hid', 'bought', 'painted'),
  ' the ',
  adjective,
  ' ',
  thing,
  ' ',
  place,
  ', and the ',
  recall('thing'),
  recall('deed', {
    found: ' is safe with ',
    lost: ' is still missed by ',
    hid: ' is known only to ',
    bought: ' belongs to ',
    painted: ' looks new to ',
  }),
  recall('who'),
  '.\n',
];

const reason: Grammar = [
  word('waited', 'slept', 'sang', 'worked', 'walked', 'sat', 'danced', 'read', 'rested', 'dreamed'),
  ' ',
  place,
  ' because ',
  recall('who', PRONOUNS),
  ' was ',
  word('tired', 'happy', 'early', 'late', 'alone', 'cold', 'curious', 'afraid', 'lost', 'bored'),
  '.\n',
];

const utterance: Grammar = [
  'The ',
  thing,
  choice([3, ' is '], [2, [' (the ', adjective, ' one) is ']]),
  word(
    'broken',
    'missing',
    'mine',
    'yours',
    'too heavy',
    'very old',
    'still wet',
    'almost new',
    'for sale',
    'beautiful',
  ),
];

const agreement: Grammar = [
  'The ',
  remember('animal', 'wolf', 'wolves', 'goose', 'geese', 'mouse', 'mice', 'calf', 'calves'),
  ' ',
  choice([3, place], [1, ['that followed ', who]]),
  recall('animal', {
    wolf: ' was ',
    wolves: ' were ',
    goose: ' was ',
    geese: ' were ',
    mouse: ' was ',
    mice: ' were ',
    calf: ' was ',
    calves: ' were ',
  }),
  word('asleep', 'hungry', 'quiet', 'restless', 'gone', 'lost', 'cold', 'afraid'),
  '.\n',
];

const stageDirection: Grammar = [
  remember('bracket', '(', '[', '{'),
  word(
    'A door opens',
    'A dog barks',
    'Rain falls',
    'Music plays',
    'The wind turns',
    'The lights go out',
    'Snow melts',
    'Bells ring',
    'Leaves fall',
    'Someone laughs',
  ),
  ' ',
  place,
  '.',
  recall('bracket', { '(': ')', '[': ']', '{': '}' }),
  '\n',
];

const bell = (name: string): Grammar => remember(name, 'bim', 'bam', 'bom', 'bum');

const echo: Grammar = [
  'Far away ',
  bell('first'),
  ' ',
  bell('second'),
  ' ',
  bell('third'),
  ' went the bells, and the hills went ',
  recall('first'),
  ' ',
  recall('second'),
  ' ',
  recall('third'),
  '.\n',
];

/** A sentence. Tests show that no sentence can be written in two ways and that none begins another. */
export const SENTENCE: Grammar = choice(
  [10, [who, ' ', choice([4, possession], [4, reason], [2, ['said, "', utterance, '."\n']])]],
  [4, ['"', utterance, '," said ', who, '.\n']],
  [3, agreement],
  [2, stageDirection],
  [1, echo],
);

const SEED = 1;
const LENGTH = 150_000;
/** No sentence is longer. */
const LONGEST_SENTENCE = 1000;

/** The sentence's entropy over its mean length: no predictor's expected loss per character is below it, nats. */
export const sampleTextEntropyNats: number = entropyPerCharacter();

/** Whole sentences, at least 150,000 characters of them: always the same text. */
export function sampleText(): string {
  written ??= writeSentences();
  return written;
}

/**
 * The entropy per character of the source of a text, nats, where it is known: for the sample text, unchanged. Only of a text
 * of about its length more than the length is looked at.
 */
export function knownEntropyNats(vocabulary: Vocabulary, ids: IdSource): number | undefined {
  if (ids.length < LENGTH || ids.length > LENGTH + LONGEST_SENTENCE || ids.length !== sampleText().length) {
    return undefined;
  }
  const all = new Int32Array(ids.length);
  ids.read(0, all);
  // The sample text is ASCII, where a character and its byte are the same number.
  return all.every((id, at) => vocabulary.codes[id] === sampleText().charCodeAt(at))
    ? sampleTextEntropyNats
    : undefined;
}

let written: string | undefined;

function writeSentences(): string {
  const random = RandomStream.seeded(SEED, 'text');
  let text = '';
  while (text.length < LENGTH) text += write(SENTENCE, random);
  return text;
}

function entropyPerCharacter(): number {
  const { entropyNats, length } = measure(SENTENCE);
  return entropyNats / length;
}
