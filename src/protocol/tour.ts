import * as v from 'valibot';

/** Where a tour through the window of a run stands: the panel keeps it, and the host for a panel that has forgotten it. */

const Name = v.pipe(v.string(), v.maxLength(100));
const Index = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a person typed or chose at a stop, the last of it. */
const TourAnswer = v.object({
  said: v.pipe(v.string(), v.maxLength(400)),
  /** They had the way shown, right or not. */
  isRevealed: v.boolean(),
  /** It was right before the way was shown. */
  isRight: v.boolean(),
  /** Another one before it was wrong. */
  wasWrong: v.optional(v.boolean()),
});
export type TourAnswer = v.InferOutput<typeof TourAnswer>;

/** More stops than any network has. */
const MOST_ANSWERS = 1000;

/** Answers are of one window: those of another one say nothing about its numbers. */
export const TourChoice = v.object({
  isOpen: v.boolean(),
  /** The id of the stop; null is the first. */
  stop: v.nullable(Name),
  iteration: Index,
  stream: Index,
  /** By the ids of the stops. */
  answers: v.pipe(
    v.record(Name, TourAnswer),
    v.check((answers) => Object.keys(answers).length <= MOST_ANSWERS),
  ),
});
export type TourChoice = v.InferOutput<typeof TourChoice>;
