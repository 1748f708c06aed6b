import { PARAMETER_NAMES, STEP_QUANTITIES } from '../../network/names.ts';
import type { Inspection } from '../../protocol/run.ts';
import { SETTINGS } from '../../protocol/settings.ts';
import { bytesOf, copied, isIteration } from './numbers.ts';

/** An inspection as a payload of numbers. */

const HEAD_BYTES = 16;
/** Of one time step: float32 norms and cosines, two int32 ids. */
const STEP_BYTES = 4 * (STEP_QUANTITIES.length + PARAMETER_NAMES.length + 2);

/** Bytes of its payload. */
export function inspectionBytes({ inputs }: Inspection): number {
  return HEAD_BYTES + inputs.length * STEP_BYTES;
}

/** Its payload, or undefined for one that the format has no place for. */
export function inspectionPayload(inspection: Inspection): Uint8Array | undefined {
  const { iteration, stepNorm, stepCosine, inputs, targets } = inspection;
  const T = inputs.length;
  const hasAll =
    targets.length === T &&
    stepNorm.length === STEP_QUANTITIES.length * T &&
    stepCosine.length === PARAMETER_NAMES.length * T;
  if (!hasAll || T === 0 || !isIteration(iteration)) return undefined;
  const head = Uint32Array.of(iteration % 2 ** 32, Math.floor(iteration / 2 ** 32), T, 0);
  const payload = new Uint8Array(inspectionBytes(inspection));
  let at = 0;
  for (const part of [head, stepNorm, stepCosine, inputs, targets]) {
    payload.set(bytesOf(part), at);
    at += part.byteLength;
  }
  return payload;
}

/** The inspection with arrays of its own, or undefined where the payload contradicts the format. */
export function decodeInspection(payload: Uint8Array): Inspection | undefined {
  if (payload.length < HEAD_BYTES) return undefined;
  const [low, high, T] = new Uint32Array(copied(payload, 0, HEAD_BYTES));
  const iteration = high * 2 ** 32 + low;
  // What no setting allows is no window of a run, and would take a hundred times the room of one.
  const isWhole = T > 0 && T <= SETTINGS.sequenceLength.maximum && payload.length === HEAD_BYTES + T * STEP_BYTES;
  if (!isWhole || !isIteration(iteration)) return undefined;
  let at = HEAD_BYTES;
  const next = (numbers: number): ArrayBuffer => copied(payload, (at += 4 * numbers) - 4 * numbers, 4 * numbers);
  const inspection = {
    iteration,
    stepNorm: new Float32Array(next(STEP_QUANTITIES.length * T)),
    stepCosine: new Float32Array(next(PARAMETER_NAMES.length * T)),
    inputs: new Int32Array(next(T)),
    targets: new Int32Array(next(T)),
  };
  const isId = (id: number): boolean => id >= 0;
  return inspection.inputs.every(isId) && inspection.targets.every(isId) ? inspection : undefined;
}
