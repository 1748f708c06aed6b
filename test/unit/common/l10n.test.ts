import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { l10n, useTranslation } from '../../../src/common/l10n.ts';

suite('a text in the person’s language', () => {
  afterEach(() => useTranslation(undefined));

  test('is the English one without a translation, with its values', () => {
    assert.equal(l10n.t('Resume'), 'Resume');
    assert.equal(l10n.t('{count} runs of {place}', { count: 3, place: 'here' }), '3 runs of here');
    assert.equal(l10n.language, 'en');
  });

  test('is the translated one, whose names may stand in another order', () => {
    useTranslation({ language: 'de', texts: { '{count} runs of {place}': '{place}: {count} Läufe' } });
    assert.equal(l10n.t('{count} runs of {place}', { count: 3, place: 'hier' }), 'hier: 3 Läufe');
    assert.equal(l10n.language, 'de');
  });

  test('is English where the translation lacks it', () => {
    useTranslation({ language: 'de', texts: {} });
    assert.equal(l10n.t('Resume'), 'Resume');
  });

  test('shows what a value holds as it is, whatever it looks like', () => {
    assert.equal(l10n.t('{a}, {b}', { a: '{b} $& $1', b: '{a}' }), '{b} $& $1, {a}');
  });

  test('keeps braces for which there is no value, as a translation with a slip would have them', () => {
    useTranslation({ language: 'de', texts: { 'of {name}': 'von {nmae}' } });
    assert.equal(l10n.t('of {name}', { name: 'x' }), 'von {nmae}');
  });

  test('asks for a value for every name in braces, and for no other', () => {
    // @ts-expect-error A value is lacking.
    assert.equal(l10n.t('of {name}'), 'of {name}');
    // @ts-expect-error The name is another one.
    assert.equal(l10n.t('of {name}', { nmae: 'x' }), 'of {name}');
    // @ts-expect-error There is nothing to fill in.
    assert.equal(l10n.t('of nothing', { name: 'x' }), 'of nothing');
  });
});
