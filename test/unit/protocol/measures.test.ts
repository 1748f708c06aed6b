import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import {
  FOLLOWED,
  followingOf,
  MEASURES,
  PanelQuestion,
  StudyEvent,
  StudyRequest,
  type Measure,
} from '../../../src/protocol/measures.ts';
import { FromPanel, StudyResults, ToPanel } from '../../../src/protocol/panel.ts';

const names = Object.keys(MEASURES) as Measure[];
/** Of everything that a measure can be asked about. */
const ABOUT = {
  ...{ iteration: 3, stream: 1, t: 2, name: 'W_ah', before: 'a', text: 'b' },
  ...{ parameter: 'W_ah', element: null },
};
const ENVELOPE = { runId: 'a-run', requestId: 7 };
const BASELINES = {
  uniformNats: 2,
  ngramNats: [1],
  orders: 6,
  fittedCharacters: 5,
  trainingCharacters: 5,
  measuredCharacters: 4,
  progress: 1,
};

/** The names in a schema and in all its parts. */
function partsOf(schema: { readonly entries?: object; readonly value?: object }): string[] {
  const { entries = {}, value } = schema;
  const ofEntries = Object.entries(entries).flatMap(([name, part]) => [name, ...partsOf(part as object)]);
  return value === undefined ? ofEntries : [...ofEntries, ...partsOf(value)];
}

suite('the table of measures', () => {
  test('makes a request of each row, which carries what the row asks and nothing else', () => {
    for (const measure of names) {
      const message = { type: 'ask', ...ENVELOPE, question: { measure, ...ABOUT } };
      const { question } = v.parse(v.looseObject({ question: v.unknown() }), v.parse(StudyRequest, message));
      assert.deepEqual(
        Object.keys(question as object).sort(),
        ['measure', ...Object.keys(MEASURES[measure].asks.entries)].sort(),
      );
    }
  });

  test('refuses a question with a part missing, and one about what no row names', () => {
    const isAccepted = (question: object): boolean => v.is(StudyRequest, { type: 'ask', ...ENVELOPE, question });
    assert.ok(isAccepted({ measure: 'tape', iteration: 3, stream: 1 }));
    assert.ok(!isAccepted({ measure: 'tape', iteration: 3 }));
    assert.ok(!isAccepted({ measure: 'tape', iteration: 3, stream: -1 }));
    assert.ok(!isAccepted({ measure: 'toString', ...ABOUT }));
  });

  test('takes an answer for that of its own measure only', () => {
    const isAccepted = (measure: Measure): boolean =>
      v.is(StudyEvent, { type: 'answer', measure, ...ENVELOPE, answer: BASELINES });
    assert.deepEqual(names.filter(isAccepted), ['baselines']);
  });

  test('lets the panel ask for what is the panel’s, and for nothing that is followed by itself', () => {
    const asked = names.filter((measure) => v.is(PanelQuestion, { measure, ...ABOUT }));
    assert.deepEqual(asked, ['stepDetail', 'matrix', 'numbers', 'spectrumOf', 'update']);
    assert.ok(v.is(FromPanel, { type: 'ask', ...ENVELOPE, question: { measure: 'stepDetail', ...ABOUT } }));
    assert.ok(!v.is(FromPanel, { type: 'ask', ...ENVELOPE, question: { measure: 'memory', ...ABOUT } }));
  });

  test('gives the panel what is followed by name, each checked by its own schema', () => {
    assert.deepEqual(Object.keys(StudyResults.entries), [...FOLLOWED, 'baselines', 'problem']);
    for (const measure of FOLLOWED) assert.ok(!v.is(StudyResults, { [measure]: BASELINES }), measure);
    const studied = { type: 'studied', requestId: 1, result: { ok: true, matrix: BASELINES } };
    assert.ok(!v.is(ToPanel, studied));
  });

  test('lists the most urgent first', () => {
    const urgencies = names.map((measure) => MEASURES[measure].urgency);
    assert.deepEqual(
      urgencies,
      [...urgencies].sort((one, other) => one - other),
    );
  });

  test('names only what is there: arrays of an answer, and followed measures of the same tab', () => {
    for (const measure of names) {
      const { answer, finite }: { answer: object; finite: readonly string[] } = MEASURES[measure];
      const parts = partsOf(answer);
      for (const array of finite) assert.ok(parts.includes(array), `${measure}: ${array}`);
    }
    for (const measure of FOLLOWED) {
      const { tabs, brings } = followingOf(measure);
      for (const brought of brings) {
        const other = FOLLOWED.find((name) => name === brought) ?? assert.fail(`${measure} brings ${brought}`);
        assert.ok(followingOf(other).tabs.includes(tabs[0]), `${brought} beside ${measure}`);
      }
    }
  });
});
