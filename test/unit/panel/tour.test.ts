import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PanelState } from '../../../src/panel/state/panelState.ts';
import { Tour } from '../../../src/panel/views/tour/tour.ts';
import type { FromPanel, IncrementMessage } from '../../../src/protocol/panel.ts';
import type { RunState } from '../../../src/protocol/run.ts';
import { description, FACTS, historyOf, RUN_ID, status } from './fixtures.ts';
import { detailOf, T, tapeOf, V } from './tapeFixtures.ts';

type Ask = Extract<FromPanel, { type: 'ask' }>;

/** A tour through PyTorch's window, whose questions the study thread answers as they come. */
function touring(
  state: RunState,
  tape = tapeOf(),
  element?: { readonly row: number; readonly column: number },
): {
  readonly panel: PanelState;
  readonly tour: Tour;
  readonly sent: FromPanel[];
  readonly answer: () => void;
  readonly increment: (study: IncrementMessage['study'], iteration: number, now?: RunState) => void;
} {
  const sent: FromPanel[] = [];
  const panel = new PanelState({ stored: undefined, send: (message) => void sent.push(message) });
  const facts = { ...FACTS, vocabulary: Array.from('abcdefg').slice(0, V) };
  panel.receive({
    type: 'snapshot',
    sequence: 1,
    run: {
      description: description({ facts }),
      status: status(state),
      history: historyOf(13).snapshot(),
      study: { tape },
    },
  });
  panel.receive({ type: 'openTour' });
  const tour = new Tour(panel, panel.network);
  tour.update();
  let answered = 0;
  let sequence = 1;
  return {
    panel,
    tour,
    sent,
    increment: (study, iteration, now = state) =>
      panel.receive({
        type: 'increment',
        sequence: ++sequence,
        runId: RUN_ID,
        status: status(now, { iteration }),
        firstIteration: 13,
        iterations: 13,
        levels: [],
        events: [],
        study,
      }),
    answer: () => {
      for (;;) {
        const ask = sent.slice(answered).find((message): message is Ask => message.type === 'ask');
        if (ask === undefined) break;
        answered = sent.indexOf(ask) + 1;
        const { requestId, question } = ask;
        const result =
          question.measure === 'stepDetail'
            ? { ok: true as const, stepDetail: { ...detailOf(question.t), iteration: question.iteration } }
            : question.measure === 'update' && question.parameter !== null && element !== undefined
              ? {
                  ok: true as const,
                  update: { ...question, ...(question.element ?? element), parameter: question.parameter } as never,
                }
              : { ok: false as const, message: 'Not kept.' };
        panel.receive({ type: 'studied', requestId, result });
      }
      tour.update();
    },
  };
}

suite('the tour', () => {
  test('lets the window stand still while the run goes on', () => {
    const { panel, sent } = touring('running');
    assert.equal(panel.study.isLive, false);
    const watched = sent.filter((message) => message.type === 'watch').at(-1);
    assert.equal(watched?.reading, 12);
  });

  test('stays in its window when the person steps, says that there is a newer one, and goes there when it is asked to', () => {
    const first = { ...tapeOf(), iteration: 1233 };
    const { panel, tour, sent, answer, increment } = touring('paused', first);
    answer();
    tour.go(2);
    increment({ tape: first }, 1233);
    tour.update();
    panel.send({ type: 'control', runId: RUN_ID, action: 'step' });
    increment({ tape: { ...first, iteration: 1234 } }, 1234);
    tour.update();
    assert.deepEqual([tour.iteration, tour.newer, tour.at], [1233, 1234, 2]);
    assert.equal(sent.filter((message) => message.type === 'watch').at(-1)?.reading, 1233);

    tour.takeNewest();
    tour.update();
    assert.deepEqual([tour.iteration, tour.newer, tour.at], [1234, undefined, 2]);
    assert.equal(panel.study.isLive, false, 'the newest one stays likewise');

    increment({ tape: { ...first, iteration: 1235 } }, 1235);
    tour.leave();
    tour.update();
    panel.send({ type: 'control', runId: RUN_ID, action: 'step' });
    assert.equal(panel.study.isLive, true, 'without the tour the window of the step is wanted');
  });

  test('waits for the newest window of a run that goes on, and stays there', () => {
    const { panel, tour, increment } = touring('running');
    tour.takeNewest();
    tour.update();
    assert.equal(panel.study.isLive, true);
    increment({ tape: { ...tapeOf(), iteration: 1240 } }, 1241, 'running');
    tour.update();
    assert.deepEqual([tour.iteration, panel.study.isLive], [1240, false]);
  });

  test('begins at the last time step, and has a question as soon as its numbers have come', () => {
    const { tour, panel, answer } = touring('paused');
    assert.equal(panel.study.t, T - 1);
    assert.equal(tour.stop.id, 'A x');
    assert.deepEqual([tour.question], [undefined]);
    answer();
    assert.equal(tour.question?.kind, 'choice');
  });

  test('takes side B along from stop to stop, and comes along with who walks there', () => {
    const { tour, panel, answer } = touring('paused');
    answer();
    tour.go(tour.stops.findIndex(({ id }) => id === 'B 7'));
    assert.deepEqual([panel.study.t, panel.study.backwardStep], [T - 1, 7]);
    panel.study.walk(1);
    tour.update();
    assert.equal(tour.stop.id, 'B 8');
    // Step 6 of the time step before is where the message arrives.
    panel.study.chooseStep(T - 2, 6);
    tour.update();
    assert.equal(tour.stop.id, 'arrival');
    // Of a step that has no stop of its own there is none to come to.
    panel.study.chooseStep(0, 3);
    tour.update();
    assert.equal(tour.stop.id, 'arrival');
    tour.go(0);
    assert.equal(panel.study.t, T - 1);
    tour.update();
    assert.equal(tour.stop.id, 'A x', 'side B still has its step open, and does not call the tour there');
  });

  test('counts what was predicted: not what was right after the way was shown, nor what was wrong before', () => {
    const { tour, answer } = touring('paused');
    answer();
    const to = (id: string): void => tour.go(tour.stops.findIndex((stop) => stop.id === id));
    to('B 3');
    assert.ok(tour.question?.kind === 'number');
    tour.check(String(-tour.question.truth));
    assert.match(tour.verdict?.says ?? '', /the sign is not/);
    assert.deepEqual([tour.isSettled, tour.count], [false, { predicted: 0, settled: 0 }]);
    tour.check(String(tour.question.truth));
    assert.deepEqual([tour.isSettled, tour.count], [true, { predicted: 0, settled: 1 }]);
    to('B 4');
    assert.ok(tour.question !== undefined);
    tour.check(String(tour.question.truth));
    assert.deepEqual(tour.count, { predicted: 1, settled: 2 });
    to('B 2');
    tour.reveal();
    assert.deepEqual([tour.isSettled, tour.verdict, tour.count], [true, undefined, { predicted: 1, settled: 3 }]);
  });

  test('says why numbers do not come, and goes on where they do', () => {
    const { tour, answer } = touring('paused');
    answer();
    tour.go(tour.stops.findIndex(({ id }) => id === 'sum'));
    assert.equal(tour.question, undefined);
    assert.equal(tour.problem, 'Not kept.');
    tour.go(tour.stops.findIndex(({ id }) => id === 'B 7'));
    assert.notEqual(tour.question, undefined);
    assert.equal(tour.problem, undefined);
  });

  test('opens the optimizer’s figure on the weight that it is about, and leaves another one that is chosen there', () => {
    const { tour, panel, answer } = touring('paused', tapeOf(), { row: 1, column: 2 });
    answer();
    const followed = { parameter: 'W_ah', element: { row: 1, column: 2 } };
    assert.notDeepEqual(panel.choices?.weight, followed);
    tour.go(tour.stops.findIndex(({ id }) => id === 'update'));
    answer();
    assert.deepEqual(panel.choices?.weight, followed);
    const other = { parameter: 'b_o', element: { row: 2, column: 0 } };
    panel.study.chooseWeight(other);
    answer();
    assert.deepEqual(panel.choices?.weight, other);
  });

  test('asks nothing about a window whose losses are not finite, and says so', () => {
    const { tour, answer } = touring('paused', { ...tapeOf(), lossNats: new Float64Array(T).fill(NaN) });
    answer();
    assert.equal(tour.question, undefined);
    assert.match(tour.problem ?? '', /not finite.* lower learningRate/);
  });

  test('is left and opened again at its stop, and after its end at its beginning', () => {
    const { tour, panel, answer } = touring('paused');
    answer();
    tour.go(5);
    tour.leave();
    assert.equal(tour.isOpen, false);
    panel.openTour();
    assert.deepEqual([tour.isOpen, tour.at], [true, 5]);
    tour.finish();
    panel.openTour();
    assert.equal(tour.at, 0);
    assert.equal(panel.choices?.runId, RUN_ID);
  });
});
