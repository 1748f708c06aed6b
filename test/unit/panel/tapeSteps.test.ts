import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { vectorOf } from '../../../src/panel/state/vectorOf.ts';
import { backwardSteps } from '../../../src/panel/views/tape/backwardSteps.ts';
import type { StepContent } from '../../../src/panel/views/tape/shownVectors.ts';
import { automaticMatrix, matrixFact, times, timesTransposed } from '../../../src/panel/views/tape/matrixFacts.ts';
import { predictionsOf } from '../../../src/panel/views/tape/predictions.ts';
import { stepContent } from '../../../src/panel/views/tape/stepContent.ts';
import { formatPercent, formatValue } from '../../../src/panel/views/tape/values.ts';
import type { Matrix, StepDetail } from '../../../src/protocol/study.ts';
import { assertClose, flatten } from '../model/vectors.ts';
import { detailOf, H, normOf, params, T, V } from './tapeFixtures.ts';
import { NETWORK } from '../../tanh.ts';

const symbolOf = (id: number): string => 'abcdefg'[id];
const STEPS = backwardSteps(NETWORK);

/** What step k of the eleven shows. */
function contentOf(k: number, detail: StepDetail): StepContent {
  return stepContent(NETWORK, NETWORK.steps[k - 1], detail, symbolOf);
}

function matrix(name: Matrix['name'], rows: number, columns: number, values: readonly number[], t: number): Matrix {
  return { iteration: 12, stream: 0, t, name, rows, columns, values: Float64Array.from(values) };
}

/** ŷᵢ(δᵢⱼ − ŷⱼ) from PyTorch's ŷ. */
function softmaxJacobian(t: number): Matrix {
  const { yhat } = detailOf(t).now;
  const values = Array.from(yhat).flatMap((yi, i) => Array.from(yhat, (yj, j) => yi * ((i === j ? 1 : 0) - yj)));
  return matrix('softmaxJacobian', V, V, values, t);
}

/** W_ahᵀ diag(1 − a²) from PyTorch's a and the weights. */
function cellJacobian(t: number): Matrix {
  const W_ah = flatten(params.W_ah);
  const { a } = detailOf(t).now;
  const values = Array.from({ length: H * H }, (_, n) => W_ah[(n % H) * H + Math.floor(n / H)] * (1 - a[n % H] ** 2));
  return matrix('cellJacobian', H, H, values, t);
}

describe('the eleven steps of a cell', () => {
  it('end in the vector whose norm stands beside the step, for every step that gives a vector', () => {
    for (let t = 0; t < T; t++) {
      const detail = detailOf(t);
      for (const step of [2, 3, 4, 6, 7, 8, 9, 11]) {
        const result = contentOf(step, detail).vectors.at(-1);
        assert.ok(result);
        assertClose([normOf(result.values)], [detail.stepNorm[step - 1]], 1e-12, `step ${step} at t = ${t}`);
      }
    }
  });

  it('write the factors of an outer product whose product is the norm that PyTorch has', () => {
    for (const [step, left, right] of [
      [5, 'o', 'a'],
      [10, 'h', 'a⁻'],
    ] as const) {
      const detail = detailOf(2);
      const [fact] = contentOf(step, detail).facts;
      const numbers = [normOf(detail.errors[left]), normOf(vectorOf(detail, right)), detail.stepNorm[step - 1]].map(
        formatValue,
      );
      assert.ok(fact.endsWith(`= ${numbers[0]} · ${numbers[1]} = ${numbers[2]}.`), fact);
    }
  });

  it('split ∂a(t) into its own and the future’s part, which add up to it on one scale', () => {
    const detail = detailOf(1);
    const { vectors, facts } = contentOf(6, detail);
    const [own, future, sum] = vectors;
    sum.values.forEach((value, i) => assertClose([own.values[i] + future.values[i]], [value], 1e-12, `unit ${i}`));
    assert.ok(vectors.every(({ largest }) => largest === own.largest && largest !== undefined));
    const share = normOf(detail.future.a) / (normOf(detail.own.a) + normOf(detail.future.a));
    assert.ok(facts[0].startsWith(`${formatPercent(share)} comes from the future`), facts[0]);
    assert.match(contentOf(6, detailOf(T - 1)).facts[0], /all of its error is its own/);
  });

  it('write the scalars of the target into the formulas', () => {
    const detail = detailOf(0);
    const probability = detail.now.yhat[detail.target];
    assert.match(
      contentOf(1, detail).facts[0],
      new RegExp(`−log ${formatValue(probability)} = ${formatValue(-Math.log(probability))} nats`),
    );
    assert.ok(contentOf(2, detail).facts[0].endsWith(`= ${formatValue(-1 / probability)}.`));
    assert.ok(contentOf(3, detail).facts[0].includes(`= ${formatValue(probability - 1)}, negative, so an update`));
  });

  it('name the column that step 9 touches, and what becomes of the message', () => {
    const detail = detailOf(3);
    assert.match(contentOf(9, detail).facts[0], new RegExp(`column ${detail.input}, of ‘${symbolOf(detail.input)}’`));
    assert.match(contentOf(11, detail).facts[2], /Step 6 at t = 2/);
    assert.match(contentOf(11, detailOf(0)).facts[2], /drops this message/);
  });

  it('show what they give before it is asked for, unless it is very large', () => {
    assert.equal(automaticMatrix(NETWORK, STEPS[4], 50, 128), 'dW_ao');
    assert.equal(automaticMatrix(NETWORK, STEPS[2], 50, 128), 'softmaxJacobian');
    assert.equal(automaticMatrix(NETWORK, STEPS[9], 50, 4096), null);
    assert.equal(automaticMatrix(NETWORK, STEPS[6], 50, 128), null);
  });
});

describe('the Jacobians', () => {
  it('give PyTorch’s ∂o(t) from ∂ŷ(t), and the message from ∂a(t)', () => {
    for (let t = 0; t < T; t++) {
      const detail = detailOf(t);
      assertClose(timesTransposed(softmaxJacobian(t), detail.errors.yhat), detail.errors.o, 1e-12, `∂o(${t})`);
      assertClose(times(cellJacobian(t), detail.errors.a), detail.messages.a, 1e-11, `message(${t})`, 1e-14);
    }
  });

  it('say how far they are from the step, and notice where they are not its', () => {
    const difference = (text: string | undefined): number => Number(/entry is (.*)\.$/.exec(text ?? '')?.[1]);
    assert.ok(difference(matrixFact(NETWORK, softmaxJacobian(2), detailOf(2))) < 1e-14);
    assert.ok(difference(matrixFact(NETWORK, cellJacobian(2), detailOf(2))) < 1e-14);
    assert.ok(difference(matrixFact(NETWORK, cellJacobian(1), detailOf(2))) > 1e-6);
  });
});

describe('the predictions', () => {
  it('are the five likeliest, the target marked', () => {
    const detail = detailOf(0);
    const target = detail.topIds[2];
    const shown = predictionsOf({ ...detail, target }, detail.now.yhat);
    assert.deepEqual(
      shown.map(({ rank, isTarget }) => [rank, isTarget]),
      [1, 2, 3, 4, 5].map((rank) => [rank, rank === 3]),
    );
  });

  it('have the target after them with its rank where it is not among them', () => {
    const detail = detailOf(0);
    const least = Array.from(detail.now.yhat.keys()).reduce((a, b) =>
      detail.now.yhat[b] < detail.now.yhat[a] ? b : a,
    );
    const last = predictionsOf({ ...detail, target: least }, detail.now.yhat).at(-1);
    assert.deepEqual(last, { id: least, probability: detail.now.yhat[least], rank: V, isTarget: true });
  });
});
