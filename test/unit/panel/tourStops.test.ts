import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CELL_NAMES } from '../../../src/network/cells.ts';
import { networkOf } from '../../../src/network/network.ts';
import { mathText } from '../../../src/panel/views/tape/mathMarkup.ts';
import { sideA } from '../../../src/panel/views/tape/sideA.ts';
import { followedParameter, stopsOf, tourTitle } from '../../../src/panel/views/tour/stops.ts';
import { answered, answersOf, openedTour } from '../../../src/panel/state/tourChoice.ts';

const networks = CELL_NAMES.flatMap((cell) => [1, 2, 3, 4].map((layers) => networkOf({ cell, layers })));

suite('the stops of the tour', () => {
  test('are the whole derivation of the tanh cell, one after the other', () => {
    const network = networkOf({ cell: 'tanh', layers: 1 });
    assert.equal(tourTitle(network), 'Learn: backpropagation through time in eleven steps');
    assert.deepEqual(
      stopsOf(network, 5).map(({ id }) => id),
      [
        ...['x', 'h', 'a', 'o', 'yhat', 'L'].map((ref) => `A ${ref}`),
        ...Array.from({ length: 11 }, (_, index) => `B ${index + 1}`),
        ...['arrival', 'sum', 'clip', 'update'],
      ],
    );
    assert.equal(followedParameter(network), 'W_ah');
  });

  test('of an LSTM are fewer than its steps, so that it can be walked', () => {
    const stops = stopsOf(networkOf({ cell: 'lstm', layers: 1 }), 5);
    assert.ok(stops.length < 28, String(stops.length));
    assert.ok(stops.length > 15, String(stops.length));
  });

  test('leave nothing out and tell nothing twice: every quantity of side A, every step of side B, in any network', () => {
    for (const network of networks) {
      const what = `${network.cell} ${network.layers}`;
      const stops = stopsOf(network, 5);
      assert.equal(new Set(stops.map(({ id }) => id)).size, stops.length, what);
      const forward = stops.filter(({ id }) => id.startsWith('A ')).flatMap(({ formulas }) => formulas.map(mathText));
      assert.deepEqual(
        forward.toSorted(),
        sideA(network)
          .map(({ formula }) => mathText(formula))
          .toSorted(),
        what,
      );
      const steps = stops.filter(({ id }) => id.startsWith('B ')).flatMap((stop) => stop.steps);
      assert.deepEqual(
        steps,
        network.steps.map((_, index) => index + 1),
        what,
      );
      for (const { id, step, steps: covered } of stops)
        assert.ok(step === undefined || covered.includes(step), `${what} ${id}`);
    }
  });

  test('of a window of one time step have none at which a message arrives', () => {
    for (const network of networks) assert.ok(stopsOf(network, 1).every(({ back }) => back === 0));
  });
});

suite('where a tour stands', () => {
  const window = { iteration: 3, stream: 1 };
  const answer = { said: '0.5', isRevealed: false, isRight: true };

  test('is kept when it is left and opened again', () => {
    const begun = openedTour(null, window);
    assert.deepEqual(begun, { isOpen: true, stop: null, ...window, answers: {} });
    const left = { ...answered(begun, window, 'B 3', answer), stop: 'B 3', isOpen: false };
    assert.deepEqual(openedTour(left, { iteration: 9, stream: 0 }), { ...left, isOpen: true });
  });

  test('what was said about the numbers of one window says nothing about another one', () => {
    const tour = answered(openedTour(null, window), window, 'B 3', answer);
    assert.deepEqual(answersOf(tour, window), { 'B 3': answer });
    assert.deepEqual(answersOf(tour, { ...window, iteration: 4 }), {});
    assert.deepEqual(answersOf(tour, { ...window, stream: 0 }), {});
    const other = { ...window, iteration: 4 };
    assert.deepEqual(answered(tour, other, 'A L', answer).answers, { 'A L': answer });
  });
});
