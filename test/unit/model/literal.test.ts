import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { elmanStepAt } from './elmanStep.ts';
import { softmax } from '../../../src/model/output.ts';
import {
  allocateFloat64,
  allocateTensors,
  parameterSizes,
  type ReferencePass,
  type Shape,
  type Vector,
} from '../../../src/model/tensors.ts';
import {
  sideA_a,
  sideA_h,
  sideA_o,
  step10_dW_ah,
  step11_message,
  step4_db_o,
  step5_dW_ao,
  step6_da,
  step7_dh,
  step8_db_h,
  step9_dW_xh,
} from './literal.ts';
import { randomNetwork } from './networks.ts';
import { NETWORK } from '../../tanh.ts';

/** Whether two tensors are the same to the bit, signs of zeros included. */
function assertSameBits(actual: Vector, expected: Vector, what: string): void {
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Object.is(actual[i], expected[i]), `${what}[${i}] is ${actual[i]}, not ${expected[i]}`);
  }
}

suite('the tanh cell, as it follows from its description', () => {
  const cases: readonly (readonly [shape: Shape, scale: number])[] = [
    [{ V: 7, H: 5, T: 6, B: 1 }, 1],
    [{ V: 11, H: 8, T: 9, B: 3 }, 1],
    // So large that tanh is 1 to the last digit, and its slope 0.
    [{ V: 6, H: 4, T: 5, B: 2 }, 60],
  ];
  for (const [shape, scale] of cases) {
    test(`is to the bit the one that the derivation writes out (H = ${shape.H}, scale ${scale})`, () => {
      const pass = randomNetwork('reference', shape, 'mean', 5) as Kernels<Float64Array> & ReferencePass;
      for (const tensor of Object.values(pass.parameters)) tensor.forEach((value, i) => (tensor[i] = scale * value));
      pass.forward();
      pass.backward();
      const { parameters } = pass;
      const B = shape.B;
      const gradients = allocateTensors(parameterSizes(NETWORK, shape), allocateFloat64);
      let message: Float64Array | undefined;
      for (let t = shape.T - 1; t >= 0; t--) {
        const cell = elmanStepAt(pass, t);
        const like = (tensor: Float64Array): Float64Array => new Float64Array(tensor.length);
        const [h, a, o, yhat] = [cell.h, cell.a, cell.o, cell.yhat].map(like);
        sideA_h(parameters, cell.x, cell.aPrevious, h);
        sideA_a(h, a);
        sideA_o(parameters, a, o);
        softmax(o, yhat, shape.V);
        Object.entries({ h, a, o, yhat }).forEach(([name, tensor]) => assertSameBits(cell.now[name], tensor, name));
        const [da, dh, next] = [cell.da, cell.dh, cell.message].map(like);
        step4_db_o(cell.do, gradients.b_o);
        step5_dW_ao(cell.do, cell.a, B, gradients.W_ao);
        step6_da(parameters.W_ao, cell.do, message, B, da);
        step7_dh(cell.a, da, dh);
        step8_db_h(dh, gradients.b_h);
        step9_dW_xh(dh, cell.x, gradients.W_xh);
        step10_dW_ah(dh, cell.aPrevious, B, gradients.W_ah);
        step11_message(parameters.W_ah, dh, B, next);
        assertSameBits(cell.da, da, 'da');
        assertSameBits(cell.dh, dh, 'dh');
        assertSameBits(cell.message, next, 'message');
        message = next;
      }
      for (const [name, gradient] of Object.entries(gradients)) {
        assertSameBits(pass.gradients[name], gradient, name);
      }
    });
  }
});
