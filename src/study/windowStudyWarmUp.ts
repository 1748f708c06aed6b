import type { Work } from '../common/work.ts';
import { networkOf } from '../network/network.ts';
import { RandomStream } from '../common/random.ts';
import { parameterCount } from '../model/tensors.ts';
import type { Capture } from '../protocol/study.ts';
import { WindowStudy } from './windowStudy.ts';

/** Large enough for V8 to find the loops worth compiling, small enough for a tenth of a second. */
const NETWORK = { cell: 'tanh', layers: 1 } as const;
const SHAPE = { V: 64, H: 96, T: 48, B: 2 };

/**
 * Answers the questions about a small invented window and throws the answers away. V8 compiles code well only once it has run
 * for a while: without this, the first answer that a person waits for would take twice as long as the ones after it.
 */
export function* warmUp(): Work<void> {
  const windowStudy = new WindowStudy();
  windowStudy.take(inventedWindow());
  const window = { iteration: 0, stream: 0 };
  yield* windowStudy.tape(window);
  yield* windowStudy.memory(window);
}

function inventedWindow(): Capture {
  const { V, H, T, B } = SHAPE;
  const random = RandomStream.seeded(1, 'text');
  const size = parameterCount(networkOf(NETWORK), SHAPE);
  const ids = () => Int32Array.from({ length: T * B }, () => random.integer(V));
  return {
    iteration: 0,
    ...NETWORK,
    shape: SHAPE,
    reduction: 'mean',
    parameters: Float32Array.from({ length: size }, () => random.normal() / Math.sqrt(H)),
    states: new Float32Array(B * H),
    inputs: ids(),
    targets: ids(),
    positions: new Float64Array(B),
    optimizer: { name: 'sgd', learningRate: 0.1, clipNorm: 0, step: 0, moments: new Float32Array(0) },
  };
}
