import { freshSession } from '../support.ts';

/** A network that learns within seconds, in a run that does not end by itself. */
export const SETTINGS = {
  hiddenSize: 64,
  sequenceLength: 25,
  batchSize: 16,
  learningRate: 0.005,
  maxEpochs: 1_000_000,
};

/** One window for what shows a network that has learnt something: the editor of its text, and pictures of every view. */
export const session = freshSession({
  size: { width: 1600, height: 900 },
  settings: Object.fromEntries(Object.entries(SETTINGS).map(([name, value]) => [`rnnInspector.${name}`, value])),
});
