import * as v from 'valibot';
import { l10n } from '../common/l10n.ts';
import { MAX_FILE_NAME } from '../common/limits.ts';

/** Of a run whose network was trained elsewhere: what is known of the network, and what was assumed of it. */
const Sentences = v.pipe(v.array(v.pipe(v.string(), v.maxLength(4000))), v.maxLength(50));
export const Imported = v.object({
  /** Of the weights. */
  fileName: v.pipe(v.string(), v.maxLength(MAX_FILE_NAME)),
  /** What the file does not say, and was taken to be so: sentences. */
  assumptions: Sentences,
  /** What it says, and what was done with it: sentences. */
  notes: Sentences,
  /** The loss of its first window on the text, before its first iteration; nats per symbol. Not there where it is not finite. */
  firstLossNats: v.optional(v.pipe(v.number(), v.finite())),
  /** What that would be with ReLU, where the file does not say the nonlinearity and it is clearly lower. */
  reluLossNats: v.optional(v.pipe(v.number(), v.finite())),
});
export type Imported = v.InferOutput<typeof Imported>;

/** With what its first window gave, once that is known. */
export function withFirstLoss(
  imported: Imported,
  { firstLossNats, reluLossNats }: Pick<Imported, 'firstLossNats' | 'reluLossNats'>,
): Imported {
  return {
    ...imported,
    ...(Number.isFinite(firstLossNats) && { firstLossNats }),
    ...(Number.isFinite(reluLossNats) && { reluLossNats }),
  };
}

/** Whether its first loss says that it was trained with another nonlinearity than was assumed. */
export function isLikelyRelu({ reluLossNats }: Imported): boolean {
  return reluLossNats !== undefined;
}

/** What a first loss most likely means that is not what the network had; undefined where it is none. @param V symbols of the vocabulary. */
export function importWarning({ firstLossNats, reluLossNats }: Imported, V: number): string | undefined {
  const uniformNats = Math.log(V);
  if (firstLossNats !== undefined && reluLossNats !== undefined) {
    return l10n.t(
      'Its first loss on this text was {loss} nats, and with ReLU in the place of tanh it would have been {reluLoss}: most likely it was trained with nonlinearity="relu", so that it is another network now.',
      { loss: firstLossNats.toPrecision(4), reluLoss: reluLossNats.toPrecision(4) },
    );
  }
  if (firstLossNats === undefined || firstLossNats <= uniformNats) return undefined;
  return l10n.t(
    'Its first loss on this text was {loss} nats, above ln V = {uniform}: worse than guessing all {V} symbols alike. Most likely its ids stand for other symbols than was assumed, it was trained with another nonlinearity, or on another kind of text; or it had not learnt yet.',
    { loss: firstLossNats.toPrecision(4), uniform: uniformNats.toFixed(3), V },
  );
}
