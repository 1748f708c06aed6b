import type { RunFacts } from '../protocol/run.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { End } from './eventLog.ts';
import { formatCount } from './format.ts';

/** What is known of a run when it ends. */
export interface Ending {
  readonly end: End;
  readonly settings: RunSettings;
  readonly facts: RunFacts;
  /** As it was asked for. */
  readonly maxIterations: number | undefined;
  /** Of the last validation or the last iteration, whichever came later. */
  readonly lossNats: number;
}

/** After fewer iterations many networks still guess. */
const FEW_ITERATIONS = 100;

/** Why a run ended, and what is wrong with how it ended: sentences for a person. */
export function endNotes(ending: Ending): string[] {
  return [...whyFinished(ending), ...whatIsWrong(ending)];
}

function whyFinished({ end, settings, facts, maxIterations }: Ending): string[] {
  if (end.reason !== 'finished') return [];
  const { maxEpochs } = settings;
  const { iterationsPerEpoch } = facts;
  if (maxIterations !== undefined && end.iterations >= maxIterations) {
    return [`It had ${formatCount(maxIterations)} iterations to do (--iterations).`];
  }
  const epochs = `It had ${maxEpochs} of ${maxEpochs} epochs to do (maxEpochs)`;
  if (maxIterations === undefined) return [`${epochs}.`];
  const needed = Math.ceil(maxIterations / iterationsPerEpoch);
  return [`${epochs}; --iterations ${maxIterations} needs --set maxEpochs=${needed}.`];
}

function whatIsWrong({ end, settings, facts, lossNats }: Ending): string[] {
  const uniformNats = Math.log(facts.vocabulary.length);
  if (!(lossNats > uniformNats)) return [];
  const { learningRate, clipNorm } = settings;
  const clip = clipNorm === 0 ? ', or with --set clipNorm=5' : '';
  const smaller = `a smaller learning rate, such as --set learningRate=${Number((learningRate / 10).toPrecision(3))}${clip}`;
  const wayOut =
    end.iterations < FEW_ITERATIONS
      ? `after so few iterations it may not have begun to learn. Train longer; if it stays so, train again with ${smaller}.`
      : `the run diverged, or has not begun to learn. Train again with ${smaller}.`;
  return [
    `The loss of ${lossNats.toPrecision(4)} nats is above ln V = ${uniformNats.toFixed(3)}, that of guessing all ${facts.vocabulary.length} symbols ` +
      `alike: ${wayOut}`,
  ];
}
