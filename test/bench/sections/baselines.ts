import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Baselines, Excerpt } from '../../../src/protocol/study.ts';
import { fitBaselines } from '../../../src/study/baselines.ts';
import { MAX_FITTED_SYMBOLS } from '../../../src/text/ngrams.ts';
import { splitIds } from '../../../src/text/streams.ts';
import { read, tokenized } from '../../unit/text/tokens.ts';
import type { Section } from '../context.ts';
import { count, mebibytes } from '../table.ts';
import { resized, type BenchText } from '../text.ts';

/** More than is fitted and measured of any text. */
const LONG_BYTES = 10e6;

interface Fit {
  readonly baselines: Baselines;
  readonly ms: number;
  /** The longest time without a yield. */
  readonly longestMs: number;
  /** The most that its arrays took, without the excerpt. */
  readonly peakBytes: number;
}

/** What the text costs models without a network, and what it costs to find out. */
export const baselines: Section = {
  name: 'baselines',
  description: 'the n-grams of the text: their loss, and the time and memory to fit them',
  run(context) {
    const texts = [context.text, resized(context.text, LONG_BYTES, context.folder)];
    const fits = texts.map((text) => {
      context.log(`baselines: ${text.name}`);
      return { name: text.name, ...fit(excerptOf(text)) };
    });
    const { uniformNats, ngramNats } = fits[0].baselines;
    return Promise.resolve({
      tables: [
        {
          title: `Loss of ${context.text.name}, its last tenth, nats a character`,
          columns: ['order', 'nats'],
          rows: [uniformNats, ...ngramNats].map((nats, order) => [
            order === 0 ? 'uniform' : `${order}`,
            nats.toFixed(3),
          ]),
        },
        {
          title: 'All orders fitted and measured',
          columns: ['text', 'fitted', 'measured', 'ms', 'longest ms without a yield', 'peak of its arrays'],
          rows: fits.map(({ name, baselines: { fittedCharacters, measuredCharacters }, ms, longestMs, peakBytes }) => [
            name,
            count(fittedCharacters),
            count(measuredCharacters),
            count(ms),
            longestMs.toFixed(1),
            mebibytes(peakBytes),
          ]),
        },
      ],
      notes: [],
      data: fits,
    });
  },
};

function excerptOf({ path, name }: BenchText): Excerpt {
  const { vocabulary, source } = tokenized('characters', name, (tokenizer) => tokenizer.pushBytes(readFileSync(path)));
  const { training, validation } = splitIds(source, 0.1);
  const start = Math.max(0, training.length - MAX_FITTED_SYMBOLS);
  return {
    tokens: 'characters',
    codes: [...vocabulary.codes],
    training: Uint16Array.from(read(training, start, training.length - start)),
    trainingCharacters: training.length,
    validation: Uint16Array.from(read(validation, 0, validation.length)),
  };
}

/** Frees what was left behind, or it would be freed during the fit and hide what that takes. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

function fit(excerpt: Excerpt): Fit {
  collectGarbage();
  const bytesBefore = process.memoryUsage().arrayBuffers;
  const startedMs = performance.now();
  const work = fitBaselines(excerpt);
  let longestMs = 0;
  let peakBytes = 0;
  for (;;) {
    const beganMs = performance.now();
    const step = work.next();
    const endedMs = performance.now();
    longestMs = Math.max(longestMs, endedMs - beganMs);
    peakBytes = Math.max(peakBytes, process.memoryUsage().arrayBuffers - bytesBefore);
    if (step.done === true) return { baselines: step.value, ms: endedMs - startedMs, longestMs, peakBytes };
  }
}
