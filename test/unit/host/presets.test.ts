import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  byHandSettings,
  PRESETS,
  type Preset,
  settingsByPreset,
  summary,
} from '../../../src/host/run/presetSettings.ts';
import { checkInitialBias } from '../../../src/model/initialBias.ts';
import { networkOf } from '../../../src/network/network.ts';
import { DEFAULT_SETTINGS, parseSettings, startsPaused, type RunSettings } from '../../../src/protocol/settings.ts';
import { BY_HAND_TEXT } from '../../../src/text/byHandText.ts';
import { smallRun } from '../training/helpers.ts';

function preset(id: string): Preset {
  return PRESETS.find((one) => one.id === id) ?? assert.fail(`there is no preset ${id}`);
}

const MINE = parseSettings({ cell: 'mingru', layers: 3, initialBias: 'chrono', initialization: 'normal', seed: 7 });

suite('presets', () => {
  test('are settings within their ranges, each of its own', () => {
    for (const one of PRESETS) {
      const settings = settingsByPreset(one, DEFAULT_SETTINGS);
      assert.deepEqual(parseSettings({ ...settings }), settings);
    }
    assert.equal(new Set(PRESETS.map((one) => JSON.stringify(one.values))).size, PRESETS.length);
  });

  test('leave the cell, the layers and the seed to the person, unless they name one', () => {
    const chosen = (id: string): Pick<RunSettings, 'cell' | 'layers' | 'seed'> => {
      const { cell, layers, seed } = settingsByPreset(preset(id), MINE);
      return { cell, layers, seed };
    };
    for (const id of ['quick', 'balanced', 'large'])
      assert.deepEqual(chosen(id), { cell: 'mingru', layers: 3, seed: 7 });
    for (const id of ['lstm', 'gru']) assert.deepEqual(chosen(id), { cell: id, layers: 3, seed: 7 });
    for (const id of ['min-char-rnn', 'by-hand']) assert.deepEqual(chosen(id), { cell: 'tanh', layers: 1, seed: 7 });
  });

  test('that name the cell or the layers say so', () => {
    for (const { label, detail, values } of PRESETS) {
      const said = `${label} ${detail}`.toLowerCase();
      if (values.cell !== undefined) assert.ok(said.includes(values.cell), detail);
      if (values.layers !== undefined) assert.match(said, /layer/);
    }
  });

  test('begin as is usual where they name nothing else, so that none is refused for the biases of gates', () => {
    for (const one of PRESETS) {
      const settings = settingsByPreset(one, { ...MINE, cell: 'tanh' });
      assert.equal(settings.initialBias, 'cell');
      assert.equal(settings.initialization, one.id === 'min-char-rnn' ? 'normal' : 'uniform');
      assert.equal(settings.reduction, one.id === 'min-char-rnn' ? 'sum' : 'mean');
      assert.doesNotThrow(() => checkInitialBias(networkOf(settings), settings.initialBias));
    }
  });

  test('by hand has the same numbers for everybody, waits at its beginning, and learns its few words', () => {
    const settings = byHandSettings('tanh');
    assert.deepEqual(
      { ...settingsByPreset(preset('by-hand'), MINE), seed: DEFAULT_SETTINGS.seed },
      settings,
      'nothing of the network or the optimizer is as a person has it, but the seed',
    );
    assert.ok(startsPaused(settings));
    assert.equal(byHandSettings('lstm').cell, 'lstm');
    const run = smallRun(settings, { text: BY_HAND_TEXT });
    assert.deepEqual([run.facts.vocabulary.length, run.facts.iterationsPerEpoch], [8, 9]);
    const [first] = run.iterate().row;
    for (let iteration = 1; iteration < 2000; iteration++) run.iterate();
    const [later] = run.iterate().row;
    assert.ok(first > 0.9 * Math.log(8) && later < 0.5, `${first} nats at first, ${later} after 2,000 iterations`);
    assert.ok(run.facts.iterationsTotal > 100_000, 'there is much left to step through');
  });

  test('are listed with what of the network is unusual', () => {
    assert.equal(summary(settingsByPreset(preset('quick'), DEFAULT_SETTINGS)), 'H=64 T=25 B=16 · adam 0.005');
    assert.match(summary(settingsByPreset(preset('gru'), MINE)), /^gru cell · 3 layers · H=128/);
  });
});
