import type { Work } from '../common/work.ts';
import { measureStream } from '../inspection/streamSteps.ts';
import { sumOfSquares } from '../model/norms.ts';
import { stepLoss } from '../model/output.ts';
import { stepAt } from '../model/stepOfPass.ts';
import { factorOf, type StepValues } from '../model/stepValues.ts';
import type { StreamPass } from '../model/streamPass.ts';
import { stateParts, type StatePart } from '../network/statePaths.ts';
import type { Tape } from '../protocol/study.ts';
import { futurePart, likeliest, ownPart } from './windowStudyStep.ts';

/** The part of the tape that does not depend on which window it is from. */
type TapeNumbers = Omit<Tape, 'iteration' | 'stream' | 'streams' | 'position' | 'inputs' | 'targets'>;

/** The numbers of every time step of a stream: of its loss, of what every state carries on, and of the errors that come back. */
export function* tapeNumbers(pass: StreamPass): Work<TapeNumbers> {
  const { network, shape } = pass;
  const { V, H, T } = shape;
  const { states, output } = network;
  const parts = stateParts(network);
  const [{ gives: logits }, { gives: probabilities }] = output;
  const measured = yield* measureStream(pass);
  const predicted = new Int32Array(T);
  const [lossNats, targetProbability] = [new Float64Array(T), new Float64Array(T)];
  const ofStates = (): Float64Array<ArrayBuffer> => new Float64Array(states.length * T);
  const [ownNorm, futureNorm, stateNorm] = [ofStates(), ofStates(), ofStates()];
  const ofParts = (): Float64Array<ArrayBuffer> => new Float64Array(parts.length * T);
  const [partNorm, partOfNorm, gateMean] = [ofParts(), ofParts(), ofParts()];
  for (let t = 0; t < T; t++) {
    const step = stepAt(pass, t);
    const { now, y } = step;
    predicted[t] = likeliest(now[probabilities])[0];
    lossNats[t] = stepLoss(now[logits], y, 1);
    targetProbability[t] = now[probabilities][y[0]];
    states.forEach((state, s) => {
      ownNorm[s * T + t] = Math.sqrt(sumOfSquares(ownPart(pass, t, state)));
      futureNorm[s * T + t] = Math.sqrt(sumOfSquares(futurePart(pass, t, state)));
      stateNorm[s * T + t] = Math.sqrt(sumOfSquares(now[state]));
    });
    parts.forEach((part, p) => {
      const { norm, ofNorm, mean } = partNumbers(step, part, H);
      partNorm[p * T + t] = norm;
      partOfNorm[p * T + t] = ofNorm;
      gateMean[p * T + t] = mean;
    });
    yield V * H;
  }
  return {
    predicted,
    lossNats,
    targetProbability,
    ...measured,
    ownNorm,
    futureNorm,
    stateNorm,
    partNorm,
    partOfNorm,
    gateMean,
  };
}

/** The norm of a product, and of what its gate is put to, and the mean of the gate over the hidden units; NaN where there is no gate. */
function partNumbers(
  step: StepValues,
  { factors, gated }: StatePart,
  H: number,
): { readonly norm: number; readonly ofNorm: number; readonly mean: number } {
  const [one, other] = factors.map((ref) => factorOf(step, ref));
  const gate = gated && factorOf(step, gated.gate);
  const of = gated && factorOf(step, gated.of);
  const [product, whole] = [new Float64Array(H), new Float64Array(H)];
  let sum = 0;
  for (let i = 0; i < H; i++) {
    product[i] = other === undefined ? one(i) : one(i) * other(i);
    if (gate === undefined || of === undefined) continue;
    whole[i] = of(i);
    sum += gate(i);
  }
  const norm = Math.sqrt(sumOfSquares(product));
  return gated === undefined
    ? { norm, ofNorm: NaN, mean: NaN }
    : { norm, ofNorm: Math.sqrt(sumOfSquares(whole)), mean: sum / H };
}
