import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { formatDuration, inBits, printable } from '../../../src/cli/format.ts';
import { Report } from '../../../src/cli/report.ts';
import type { End } from '../../../src/cli/eventLog.ts';
import type { RunFacts } from '../../../src/protocol/run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/protocol/settings.ts';
import { METRIC_NAMES } from '../../tanh.ts';

const FACTS: RunFacts = {
  vocabulary: ['a', 'b'],
  parameterCount: 1234,
  trainingCharacters: 90_000,
  validationCharacters: 10_000,
  iterationsPerEpoch: 100,
  iterationsTotal: 2000,
  memoryBytes: 1,
  kernels: 'scalar',
  threads: 1,
};

/** A report of 500 iterations, 12 seconds after its start. */
function reported(isTerminal: boolean, columns = 200): { written: string; report: Report } {
  let nowMs = 0;
  let written = '';
  const report = new Report({ isTerminal, columns, write: (text) => (written += text) }, () => nowMs);
  report.started('text.txt', FACTS, DEFAULT_SETTINGS);
  written = '';
  nowMs = 12_000;
  const rows = new Float64Array(METRIC_NAMES.length);
  const characters = 500 * 1600;
  report.progress(
    { type: 'progress', runId: 'r', firstIteration: 499, rows, epoch: 5, characters, elapsedMs: 10_000 },
    Math.LN2,
    500,
  );
  return { written, report };
}

/** What is said when a run with these settings starts. */
function startOf(settings: Partial<RunSettings>, facts: Partial<RunFacts> = {}): string {
  let written = '';
  const screen = { isTerminal: false, columns: 80, write: (text: string) => (written += text) };
  new Report(screen, () => 0).started('text.txt', { ...FACTS, ...facts }, { ...DEFAULT_SETTINGS, ...settings });
  return written;
}

suite('the report of a headless run', () => {
  test('names the cell and the layers at the start where they are not the usual ones', () => {
    assert.match(startOf({}), /; vocabulary 2, 1,234 parameters; 2,000 iterations \(/);
    assert.match(startOf({ cell: 'lstm', layers: 2 }), /; vocabulary 2, lstm cell, 2 layers, 1,234 parameters; /);
    assert.match(startOf({ tokens: 'bytes' }), /90,000 bytes to train on/);
  });

  test('speaks of one iteration in the singular', () => {
    assert.match(startOf({}, { iterationsTotal: 1 }), /; 1 iteration \(/);
    const report = new Report({ isTerminal: false, columns: 80, write: () => undefined }, () => 0);
    const end = { reason: 'stopped', iterations: 1, charactersPerSecond: 5 } as End;
    assert.match(report.summary(end), /^Stopped after 1 iteration, 5 chars/);
  });

  test('gives loss, rate of training and the time that is left', () => {
    const { written } = reported(false);
    assert.equal(written, 'iteration 500/2,000, loss 0.693 nats, 80,000 chars/s, 0:36 left\n');
  });

  test('rewrites one line on a terminal, cut to its width', () => {
    const { written } = reported(true, 21);
    assert.equal(written, '\r\u001b[Kiteration 500/2,000,');
  });

  test('says how far the file is read: in one line on a terminal, else now and then', () => {
    for (const isTerminal of [true, false]) {
      let nowMs = 0;
      let written = '';
      const report = new Report({ isTerminal, columns: 80, write: (text) => (written += text) }, () => nowMs);
      const reading = (atMs: number, bytesRead: number) => {
        nowMs = atMs;
        report.reading('text.txt', { bytesRead, bytesTotal: 2.1e9 });
      };
      reading(70, 1e7);
      reading(12_000, 1.05e9);
      reading(13_000, 1.1e9);
      const line = 'Reading text.txt: 50 % of 2.1 GB';
      if (isTerminal) {
        assert.equal(written.split('\r\u001b[K').length, 4);
        assert.ok(written.includes(line));
        report.started('text.txt', FACTS, DEFAULT_SETTINGS);
        assert.ok(written.includes('52 % of 2.1 GB\r\u001b[Ktext.txt: 90,000 characters'));
        assert.ok(written.endsWith('\n'));
      } else {
        assert.equal(written, `${line}\n`);
      }
    }
  });

  test('ends the line that it rewrites before anything else is said', () => {
    let written = '';
    const report = new Report({ isTerminal: true, columns: 20, write: (text) => (written += text) }, () => 0);
    report.close();
    assert.equal(written, '');
    const rows = new Float64Array(METRIC_NAMES.length);
    report.progress(
      { type: 'progress', runId: 'r', firstIteration: 0, rows, epoch: 0, characters: 1, elapsedMs: 0 },
      1,
      1,
    );
    report.close();
    assert.ok(written.endsWith('\n'));
  });

  test('sums up with the last validation and the last sample', () => {
    const { report } = reported(false);
    report.validation({ iteration: 2000, lossNats: 2 * Math.LN2, characters: 9 });
    const characters = ['a', 'b', '\u001b'];
    report.sample({
      iteration: 2000,
      prompt: '\n',
      temperature: 0.8,
      topK: 0,
      characters,
      probability: new Float32Array(3),
    });
    assert.equal(
      report.summary({ reason: 'finished', iterations: 2000, charactersPerSecond: 1e5, elapsedSeconds: 1 }),
      `Finished after 2,000 iterations, 100,000 chars/s.
Validation loss after 2,000 iterations: 1.386 nats per character (2.000 bits).
Text written after 2,000 iterations, at temperature 0.8:

ab\\x1b
`,
    );
  });
});

suite('numbers on a terminal', () => {
  test('durations', () => {
    assert.deepEqual([499, 59_600, 754_000, 3_723_000].map(formatDuration), ['0:00', '1:00', '12:34', '1:02:03']);
  });

  test('nats in bits', () => assert.equal(inBits(Math.LN2), 1));

  test('control characters of a sampled text do not reach the terminal', () => {
    assert.equal(printable('a\tb\n\u0007\u001b[2J\u009b'), 'a\tb\n\\x07\\x1b[2J\\x9b');
  });
});
