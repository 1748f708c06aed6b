import type { Equation } from '../../../network/description.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { contributionQuestion } from './contributionQuestions.ts';
import { arrivalQuestion, errorQuestion } from './errorQuestions.ts';
import { affineQuestion, applyQuestion, inputQuestion, sumQuestion } from './forwardQuestions.ts';
import { messageQuestion } from './messageQuestions.ts';
import { lossStepQuestion, logitsErrorQuestion, probabilitiesQuestion } from './outputQuestions.ts';
import { logitsQuestion, lossQuestion, softmaxQuestion } from './predictionQuestions.ts';
import type { Question } from './question.ts';
import type { Stop } from './stops.ts';
import type { TourNumbers } from './tourNumbers.ts';
import { clipQuestion, sumOverTimeQuestion, updateQuestion } from './updateQuestions.ts';

/** The question of a stop with the numbers of the window; undefined until they have come. */
export function questionOf(stop: Stop, numbers: TourNumbers): Question | undefined {
  const { asks } = stop;
  const { update } = numbers;
  const detail = numbers.details.get(numbers.tape.inputs.length - 1 - stop.back);
  switch (asks.about) {
    case 'quantity':
      return detail && quantityQuestion(numbers, asks.ref, detail);
    case 'step':
      return detail && stepQuestion(numbers, asks.step, detail);
    case 'arrival':
      return detail && arrivalQuestion(numbers, asks.state, detail);
    case 'sum':
      return update && sumOverTimeQuestion(numbers, update);
    case 'clip':
      return update && clipQuestion(update);
    case 'update':
      return update && updateQuestion(numbers, update);
    default:
      return asks satisfies never;
  }
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
      return lossStepQuestion(detail);
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
