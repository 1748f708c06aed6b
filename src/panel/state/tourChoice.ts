import * as v from 'valibot';

const Name = v.pipe(v.string(), v.maxLength(100));
const Index = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a person typed or chose at a stop, the last of it. */
const TourAnswer = v.object({
  said: v.pipe(v.string(), v.maxLength(400)),
  /** They had the way shown, right or not. */
  isRevealed: v.boolean(),
  /** It was right before the way was shown. */
  isRight: v.boolean(),
});
export type TourAnswer = v.InferOutput<typeof TourAnswer>;

/** Where a tour stands. Answers are of one window: those of another one say nothing about its numbers. */
export const TourChoice = v.object({
  isOpen: v.boolean(),
  /** The id of the stop; null is the first. */
  stop: v.nullable(Name),
  iteration: Index,
  stream: Index,
  /** By the ids of the stops. */
  answers: v.record(Name, TourAnswer),
});
export type TourChoice = v.InferOutput<typeof TourChoice>;

interface Window {
  readonly iteration: number;
  readonly stream: number;
}

/** The tour that begins, or goes on where it was left. */
export function openedTour(tour: TourChoice | null, window: Window): TourChoice {
  return { ...(tour ?? { stop: null, ...window, answers: {} }), isOpen: true };
}

/** What was said about the numbers of a window. */
export function answersOf(tour: TourChoice | null, { iteration, stream }: Window): TourChoice['answers'] {
  return tour?.iteration === iteration && tour.stream === stream ? tour.answers : {};
}

/** The tour with what was said at a stop; answers about another window are dropped. */
export function answered(tour: TourChoice, window: Window, stop: string, answer: TourAnswer): TourChoice {
  const { iteration, stream } = window;
  return { ...tour, iteration, stream, answers: { ...answersOf(tour, window), [stop]: answer } };
}
