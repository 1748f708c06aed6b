import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importNotice } from '../../../src/panel/state/importNotice.ts';
import type { Imported } from '../../../src/protocol/imported.ts';
import { description } from './fixtures.ts';

const IMPORTED: Imported = {
  fileName: 'net.safetensors',
  assumptions: ['Its ids are the text’s.', 'The nonlinearity is taken to be tanh.'],
  notes: ['The output layer is "fc".', 'b_h is 0.'],
};

function notice(change: Partial<Imported> = {}) {
  return importNotice(description({ imported: { ...IMPORTED, ...change } }));
}

describe('what the panel says of an imported network', () => {
  it('is nothing of a run that began with its own', () => {
    assert.equal(importNotice(description()), undefined);
  });

  it('is where it came from and every assumption, and what the file said on asking', () => {
    assert.equal(
      notice()?.text,
      'Network imported from net.safetensors. Assumed: Its ids are the text’s. The nonlinearity is taken to be tanh.',
    );
    assert.equal(notice()?.details, 'The output layer is "fc".\nb_h is 0.');
    assert.match(notice({ assumptions: [] })?.text ?? '', /Nothing had to be assumed/);
  });

  it('warns where the first loss is above ln V, and only there', () => {
    // The vocabulary of the fixture has four symbols.
    assert.match(notice({ firstLossNats: 1.4 })?.warning ?? '', /1\.400 nats, above ln V = 1\.386/);
    assert.equal(notice({ firstLossNats: 1.38 })?.warning, undefined);
    assert.equal(notice()?.warning, undefined);
    const unread = description({ imported: { ...IMPORTED, firstLossNats: 9 } });
    delete unread.facts;
    assert.equal(importNotice(unread)?.warning, undefined);
  });
});
