import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { OpenQuestions } from '../../../src/threads/openQuestions.ts';

suite('questions that are open', () => {
  test('are settled by their own answer, in whatever order answers come', async () => {
    const questions = new OpenQuestions<string>();
    const ids: number[] = [];
    const [first, second] = [0, 1].map(() => questions.ask((id) => ids.push(id)));
    questions.resolve(ids[1], 'second');
    questions.resolve(ids[1], 'once more');
    questions.resolve(99, 'nobody asked');
    questions.reject(ids[0], 'no');
    await assert.rejects(first, { message: 'no' });
    assert.equal(await second, 'second');
  });

  test('are all rejected when no answer will come, with the very error where there is one', async () => {
    const questions = new OpenQuestions<string>();
    const asked = [0, 1].map(() => questions.ask(() => undefined));
    const reason = new RangeError('gone');
    questions.rejectAll(reason);
    for (const one of asked) await assert.rejects(one, reason);
  });
});
