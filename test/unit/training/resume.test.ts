import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { RandomStream } from '../../../src/common/random.ts';
import { Checkpoint, type NetworkState } from '../../../src/protocol/checkpoint.ts';
import { parseSettings, SETTINGS, type RunSettings } from '../../../src/protocol/settings.ts';
import type { StartingPoint } from '../../../src/protocol/worker.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { checkpointOfFork } from '../../../src/runs/recording/continuedRun.ts';
import { tensorBuffers } from '../../../src/training/checkpoint.ts';
import { TrainingRun } from '../../../src/training/run.ts';
import { finish } from '../../../src/common/work.ts';
import { MACHINE, rowsOf, smallRun, startRequest } from './helpers.ts';
import { exactly } from './startingPoints.ts';
import { METRIC_NAMES } from '../../tanh.ts';

const ITERATIONS = 90;
const TEXT = sampleText().slice(0, 2000);

/** The same with all tensors as views of one buffer. */
function inOneBuffer(from: StartingPoint): StartingPoint {
  const buffer = new ArrayBuffer(2 ** 20);
  let at = 0;
  const packed = (part: unknown): unknown => {
    if (part instanceof Float32Array) {
      const view = new Float32Array(buffer, at, part.length);
      view.set(part);
      at += part.byteLength;
      return view;
    }
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, packed(value)]));
  };
  return { ...from, checkpoint: packed(from.checkpoint) as Checkpoint };
}

suite('a run that goes on from a checkpoint', () => {
  const cases: Partial<RunSettings>[] = [
    ...SETTINGS.optimizer.choices.map((optimizer) => ({ optimizer })),
    ...(['reference', 'simd', 'relaxed'] as const).map((kernels) => ({ kernels })),
    { kernels: 'relaxed', threads: 2, batchSize: 4 },
    { reduction: 'sum', clipNorm: 1 },
    { tokens: 'bytes' },
  ];
  for (const settings of cases) {
    test(`gives the same numbers bit for bit as if it had never stopped: ${JSON.stringify(settings)}`, () => {
      const random = RandomStream.seeded(7, 'text');
      const whole = smallRun(settings);
      const expected = rowsOf(whole, ITERATIONS);
      const validated = finish(whole.validate()).validation;
      whole.close();
      for (let time = 0; time < 4; time++) {
        // The text is read again from its beginning after 60 iterations.
        const at = 1 + random.integer(ITERATIONS - 2);
        const before = smallRun(settings);
        rowsOf(before, at);
        const checkpoint = before.checkpoint(1234);
        before.close();
        const after = smallRun(settings, { from: exactly(before, checkpoint) });
        assert.equal(after.iterations, at);
        assert.deepEqual(rowsOf(after, ITERATIONS - at), expected.slice(at), `from iteration ${at}`);
        assert.deepEqual(finish(after.validate()).validation, validated);
        after.close();
      }
    });
  }

  test('goes on drawing the same text', () => {
    const options = { prompt: '', length: 50, temperature: 1, topK: 0 };
    const run = smallRun();
    rowsOf(run, 5);
    finish(run.write(options));
    const checkpoint = run.checkpoint(0);
    const expected = finish(run.write(options));
    assert.deepEqual(finish(smallRun({}, { from: exactly(run, checkpoint) }).write(options)), expected);
  });

  test('after iterations whose loss was not finite goes on with a state of zeros, as the run itself would', () => {
    const run = smallRun({ kernels: 'reference' });
    rowsOf(run, 3);
    run.kernels.parameters.b_o[0] = NaN;
    assert.ok(run.iterate().notFinite);
    run.kernels.parameters.b_o[0] = 0.25;
    const checkpoint = run.checkpoint(0);
    assert.ok(checkpoint.states.a.every((value) => value === 0));
    const after = smallRun({ kernels: 'reference' }, { from: exactly(run, checkpoint) });
    assert.deepEqual(rowsOf(after, 5), rowsOf(run, 5));
  });

  test('finishes the validation that was under way with the same result, and still has the network that it measured', () => {
    const run = smallRun();
    rowsOf(run, 20);
    const measuring = run.validate(17);
    measuring.next();
    measuring.next();
    rowsOf(run, 3);
    const checkpoint = run.checkpoint(20);
    assert.equal(checkpoint.pendingValidation?.windows, 2);
    const expected = finish(measuring);
    const after = smallRun({}, { from: exactly(run, checkpoint) });
    assert.ok(after.isValidationDue);
    const result = finish(after.validate(99));
    assert.deepEqual(result, expected);
    assert.equal(result.best?.iteration, 20);
    assert.equal(result.best.elapsedMs, 17);
    // The best network is a checkpoint like any other.
    const again = smallRun({}, { from: exactly(run, result.best) });
    assert.deepEqual(rowsOf(again, 3), rowsOf(smallRun(), 23).slice(20));
  });

  test('may be taken and moved away again and again during one validation', () => {
    const run = smallRun();
    rowsOf(run, 20);
    const measuring = run.validate(1);
    measuring.next();
    for (let time = 0; time < 3; time++) {
      const checkpoint = run.checkpoint(2);
      const moved = structuredClone(checkpoint, { transfer: tensorBuffers(checkpoint) });
      assert.equal(moved.pendingValidation?.network.parameters.b_o.length, run.facts.vocabulary.length);
    }
    assert.equal(finish(measuring).best?.iteration, 20);
    // As it comes from a file: all tensors are views of one buffer.
    const from = exactly(run, run.checkpoint(0));
    const after = smallRun({}, { from: inOneBuffer(from) });
    after.validate(0).next();
    const checkpoint = after.checkpoint(0);
    structuredClone(checkpoint, { transfer: tensorBuffers(checkpoint) });
  });

  test('knows the best validation of before: a worse one brings no network', () => {
    const run = smallRun();
    const checkpoint = { ...run.checkpoint(0), best: { iteration: 0, lossNats: 0.001 } };
    const after = smallRun({}, { from: exactly(run, checkpoint) });
    rowsOf(after, 1);
    assert.equal(finish(after.validate(0)).best, undefined);
    assert.equal(after.checkpoint(0).best?.lossNats, 0.001);
  });

  test('refuses a text that changed, a shape and an optimizer that do not fit, each with the reason', () => {
    const run = smallRun();
    rowsOf(run, 2);
    const from = exactly(run, run.checkpoint(0));
    const start = (settings: Partial<RunSettings>, text = TEXT): TrainingRun => smallRun(settings, { from, text });
    const message = (part: RegExp) => (error: unknown) => error instanceof InputError && part.test(error.message);
    assert.throws(
      () => start({}, TEXT.slice(0, -1)),
      message(/changed since the run began: it had 2000 bytes, and now has 1999/),
    );
    assert.throws(() => start({}, TEXT.replace('a', 'b')), message(/still has 2000 bytes, but other ones/));
    // That the network does not know what was added is not the reason.
    assert.throws(() => start({}, `${TEXT}€`), message(/it had 2000 bytes, and now has 2003/));
    const fitting: StartingPoint = { ...from, mode: 'fitting' };
    assert.throws(
      () => smallRun({}, { from: fitting, text: `${TEXT}€` }),
      message(/not in the network's vocabulary: "€" \(U\+20AC\)/),
    );
    assert.throws(
      () => start({ hiddenSize: 9 }),
      message(/H=8, T=10, B=3, and the run's text and settings make it V=\d+, H=9/),
    );
    assert.throws(() => start({ optimizer: 'sgd' }), message(/written with the optimizer adam/));
  });

  test('refuses a checkpoint that says of its place what cannot be', () => {
    const run = smallRun();
    rowsOf(run, 2);
    const good = exactly(run, run.checkpoint(0));
    const changes: [Partial<Checkpoint>, RegExp][] = [
      [{ position: 1e9 }, /symbol 1000000000 of streams of/],
      [{ lastValidationAt: 3 }, /validated at iteration 3 and stands at 2/],
      [{ samplingRandom: [1, 2] }, /random stream has 2 words/],
      [{ states: { a: new Float32Array(5) } }, /state a has 5 numbers, not 24/],
      [{ states: {} }, /state a has no numbers, not 24/],
    ];
    for (const [change, message] of changes) {
      const from = { ...good, checkpoint: { ...good.checkpoint, ...change } };
      assert.throws(() => smallRun({}, { from }), message);
    }
  });

  test('refuses a checkpoint of which a tensor is missing, too short or none of the network, wherever it is', () => {
    const run = smallRun();
    rowsOf(run, 20);
    run.validate(17).next();
    const good = exactly(run, run.checkpoint(20));
    const { parameters, moments, pendingValidation: pending } = good.checkpoint;
    assert.ok(pending);
    const { b_h, ...others } = parameters;
    const pendingWith = (change: Partial<NetworkState>): Partial<Checkpoint> => ({
      pendingValidation: { ...pending, network: { ...pending.network, ...change } },
    });
    const changes: [Partial<Checkpoint>, RegExp][] = [
      [{ parameters: others }, /contradicts itself.* its parameter b_h has no numbers, not 8/],
      [{ parameters: { ...parameters, b_h: b_h.slice(1) } }, /its parameter b_h has 7 numbers, not 8/],
      [{ parameters: { ...parameters, b_z: b_h } }, /its parameter b_z is none of the network/],
      [{ moments: { exp_avg: moments.exp_avg } }, /its moment exp_avg_sq of W_xh has no numbers/],
      [
        { moments: { ...moments, exp_avg: { ...parameters, b_h: b_h.slice(1) } } },
        /moment exp_avg of b_h has 7 numbers/,
      ],
      [pendingWith({ parameters: others }), /of the network that it validates, its parameter b_h has no numbers/],
      [pendingWith({ moments: {} }), /that it validates, its moment exp_avg of W_xh has no numbers/],
      [pendingWith({ states: { a: b_h } }), /that it validates, its state a has 8 numbers, not 24/],
      [{ pendingValidation: { ...pending, states: {} } }, /of the validation under way, its state a has no numbers/],
    ];
    for (const [change, message] of changes) {
      const from = { ...good, checkpoint: { ...good.checkpoint, ...change } };
      assert.throws(
        () => smallRun({}, { from }),
        (error) => error instanceof InputError && message.test(error.message),
        String(message),
      );
    }
  });

  test('takes over parameters without moments, as those that are imported, and refuses moments that do not fit', () => {
    const run = smallRun();
    rowsOf(run, 3);
    const good: StartingPoint = { ...exactly(run, run.checkpoint(0)), mode: 'fitting' };
    const withMoments = (moments: Checkpoint['moments']): StartingPoint => ({
      ...good,
      checkpoint: { ...good.checkpoint, moments },
    });
    assert.equal(smallRun({}, { from: withMoments({}) }).kernels.optimizerState.step, 0);
    assert.throws(() => smallRun({}, { from: withMoments({ exp_avg: {}, exp_avg_sq: {} }) }), /moment exp_avg of W_xh/);
  });

  test('that only takes over what fits has the parameters, and starts to count anew on another text', () => {
    const run = smallRun({ optimizer: 'adam' });
    rowsOf(run, 10);
    const from: StartingPoint = { ...exactly(run, run.checkpoint(5)), mode: 'fitting' };
    const other = smallRun({ optimizer: 'sgd', sequenceLength: 20 }, { from, text: TEXT.slice(0, 1500) });
    assert.equal(other.iterations, 0);
    assert.deepEqual(other.vocabulary, run.vocabulary, 'the vocabulary is that of the network');
    assert.deepEqual(other.kernels.parameters, run.kernels.parameters);
    // With the same text and shape it goes on where it was, with another learning rate.
    const forked = smallRun({ learningRate: 0.5 }, { from });
    assert.equal(forked.iterations, 10);
    const loss = METRIC_NAMES.indexOf('lossNats');
    assert.equal(forked.iterate().row[loss], run.iterate().row[loss]);
    assert.notEqual(forked.iterate().row[loss], run.iterate().row[loss]);
  });

  test('a fork measures first a network that it made: its best is none of the run that it comes from', () => {
    const run = smallRun({ maxEpochs: 1000 });
    while (!run.isValidationDue) run.iterate();
    finish(run.validate());
    rowsOf(run, 3);
    const checkpoint = checkpointOfFork(run.checkpoint(5));
    assert.equal(checkpoint.best, null);
    for (const mode of ['fitting', 'exact'] as const) {
      const forked = smallRun({ maxEpochs: 1000 }, { from: { ...exactly(run, checkpoint), mode } });
      while (!forked.isValidationDue) forked.iterate();
      assert.ok(forked.iterations > checkpoint.iteration, mode);
      const { validation, best } = finish(forked.validate(5));
      assert.deepEqual(best?.best, { iteration: validation.iteration, lossNats: validation.lossNats });
    }
  });
});

test('a run names its text by the SHA-256 of its bytes in UTF-8', () => {
  const text = `${'😀b€'.repeat(700_000)}\ud800c`;
  const run = TrainingRun.create({ ...startRequest(), text, settings: parseSettings({ hiddenSize: 2 }) }, MACHINE);
  const bytes = Buffer.from(text, 'utf8');
  assert.deepEqual(run.text, { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
});
