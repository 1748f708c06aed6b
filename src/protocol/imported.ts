import * as v from 'valibot';

/** Of a run whose network was trained elsewhere: what is known of the network, and what was assumed of it. */
const Sentences = v.pipe(v.array(v.pipe(v.string(), v.maxLength(4000))), v.maxLength(50));
export const Imported = v.object({
  /** Of the weights. */
  fileName: v.pipe(v.string(), v.maxLength(4096)),
  /** What the file does not say, and was taken to be so: sentences. */
  assumptions: Sentences,
  /** What it says, and what was done with it: sentences. */
  notes: Sentences,
  /** The loss of its first window on the text, before its first iteration; nats per symbol. Not there where it is not finite. */
  firstLossNats: v.optional(v.pipe(v.number(), v.finite())),
});
export type Imported = v.InferOutput<typeof Imported>;

/** With what its first window gave, once that is known. */
export function withFirstLoss(imported: Imported, lossNats: number | undefined): Imported {
  return lossNats === undefined || !Number.isFinite(lossNats) ? imported : { ...imported, firstLossNats: lossNats };
}

/** What a first loss above that of guessing most likely means; undefined where it is none. @param V symbols of the vocabulary. */
export function importWarning({ firstLossNats }: Imported, V: number): string | undefined {
  const uniformNats = Math.log(V);
  if (firstLossNats === undefined || firstLossNats <= uniformNats) return undefined;
  return (
    `Its first loss on this text was ${firstLossNats.toPrecision(4)} nats, above ln V = ${uniformNats.toFixed(3)}: worse than guessing all ` +
    `${V} symbols alike. Most likely its ids stand for other symbols than was assumed, it was trained with another nonlinearity than tanh, ` +
    'or on another kind of text; or it had not learnt yet.'
  );
}
