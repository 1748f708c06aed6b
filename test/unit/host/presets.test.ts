import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PRESETS, type Preset, settingsByPreset, summary } from '../../../src/host/run/presetSettings.ts';
import { checkInitialBias } from '../../../src/model/initialBias.ts';
import { networkOf } from '../../../src/network/network.ts';
import { DEFAULT_SETTINGS, parseSettings, type RunSettings } from '../../../src/protocol/settings.ts';

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
    assert.deepEqual(chosen('min-char-rnn'), { cell: 'tanh', layers: 1, seed: 7 });
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

  test('are listed with what of the network is unusual', () => {
    assert.equal(summary(settingsByPreset(preset('quick'), DEFAULT_SETTINGS)), 'H=64 T=25 B=16 · adam 0.005');
    assert.match(summary(settingsByPreset(preset('gru'), MINE)), /^gru cell · 3 layers · H=128/);
  });
});
