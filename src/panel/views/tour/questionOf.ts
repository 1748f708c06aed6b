import type { Equation } from '../../../network/description.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { contributionQuestion } from './contributionQuestions.ts';
import { arrivalQuestion, errorQuestion, messageQuestion } from './errorQuestions.ts';
import {
  affineQuestion,
  applyQuestion,
  inputQuestion,
  logitsQuestion,
  lossQuestion,
  softmaxQuestion,
  sumQuestion,
} from './forwardQuestions.ts';
import { lossStepQuestion, logitsErrorQuestion, probabilitiesQuestion } from './outputQuestions.ts';
import type { Question } from './question.ts';
import type { Stop } from './stops.ts';
import type { TourNumbers } from './tourNumbers.ts';
import { clipQuestion, sumOverTimeQuestion, updateQuestion } from './updateQuestions.ts';

/** The question of a stop with the numbers of the window; undefined until they have come. */
export function questionOf(stop: Stop, numbers: TourNumbers): Question | undefined {
  const { asks } = stop;
  if (asks.about === 'sum' || asks.about === 'clip' || asks.about === 'update') {
    const { update } = numbers;
    if (update === undefined) return undefined;
    if (asks.about === 'sum') return sumOverTimeQuestion(numbers, update);
    return asks.about === 'clip' ? clipQuestion(update) : updateQuestion(numbers, update);
  }
  const detail = numbers.details.get(numbers.tape.inputs.length - 1 - stop.back);
  if (detail === undefined) return undefined;
  if (asks.about === 'arrival') return arrivalQuestion(numbers, asks.state, detail);
  return asks.about === 'quantity' ? quantityQuestion(numbers, asks.ref, detail) : stepQuestion(numbers, asks.step, detail);
}

function quantityQuestion(numbers: TourNumbers, ref: string, detail: StepDetail): Question {
  const { layerEquations, output } = numbers.network;
  if (ref === 'x') return inputQuestion(numbers, detail);
  if (ref === 'L') return lossQuestion(numbers, detail);
  if (ref === output[0].gives) return logitsQuestion(numbers, detail);
  if (ref === output[1].gives) return softmaxQuestion(numbers, detail);
  const equation = layerEquations.find(({ gives }) => gives === ref);
  if (equation === undefined) throw new RangeError(`Nothing gives "${ref}".`);
  return equationQuestion(numbers, equation, detail);
}

function equationQuestion(numbers: TourNumbers, equation: Equation, detail: StepDetail): Question {
  if ('affine' in equation) return affineQuestion(numbers, equation, detail);
  return 'apply' in equation ? applyQuestion(numbers, equation, detail) : sumQuestion(numbers, equation, detail);
}

function stepQuestion(numbers: TourNumbers, k: number, detail: StepDetail): Question {
  const { network } = numbers;
  const [{ gives: logits }, { gives: probabilities }] = network.output;
  const step = network.steps[k - 1];
  switch (step.kind) {
    case 'loss':
      return lossStepQuestion(numbers, detail);
    case 'error':
      if (step.of === probabilities) return probabilitiesQuestion(numbers, detail);
      return step.of === logits ? logitsErrorQuestion(numbers, detail) : errorQuestion(numbers, step.of, detail);
    case 'contribution':
      return contributionQuestion(numbers, step, detail);
    case 'message':
      return messageQuestion(numbers, step.to, detail);
    default:
      return step satisfies never;
  }
}
