import type { TourAnswer, TourChoice } from '../../protocol/tour.ts';

/** How a tour goes on: begun, left, answered. */

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
