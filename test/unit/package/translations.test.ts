import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { suite, test } from 'node:test';
import { literalsIn } from '../../../l10n/literals.ts';
import { ENGLISH, FOR_PROGRAMS, IN_MANIFEST, TO_COME } from '../../../l10n/rooms.ts';
import { allSaid, messages, placeholders, saidIn, textsIn } from '../../../l10n/strings.ts';
import { withSettingTexts } from '../../../src/protocol/manifest.ts';
import { manifestTexts, projectText } from '../../packageJson.ts';
import { projectRoot } from '../../workbench/paths.ts';

/** Names of what is not translated: ours, and those of the field. */
const NAMES = ['RNN Inspector', 'RNN Gradient Inspector'];
const SHOWN = ['title', 'description', 'name', 'contents', 'contextualTitle', 'enumDescriptions', 'category'];

const said = allSaid();
const english = messages(said);
const german = textsIn('l10n/bundle.l10n.de.json');

suite('what the sources say', () => {
  test('is written out where it is said, so that it can be collected', () => {
    assert.deepEqual(
      said.filter(({ message }) => message === undefined).map(({ place }) => place),
      [],
    );
  });

  test('is collected in the bundle', () => {
    assert.deepEqual(Object.keys(textsIn('l10n/bundle.l10n.json')), english, 'run npm run l10n');
  });

  test('is all in German, and nothing is that nobody says', () => {
    assert.deepEqual(Object.keys(german), english, 'run npm run l10n, and translate what it names');
    assertTranslated(Object.fromEntries(english.map((text) => [text, text])), german);
  });
});

suite('the texts of the manifest', () => {
  const written = manifestTexts();

  test('are those of the tables, where they are of settings', () => {
    assert.equal(withSettingTexts(projectText('package.nls.json')), projectText('package.nls.json'));
  });

  test('are all used, and all that a person reads is one of them or a name', () => {
    const keys = new Set<string>();
    const literal: string[] = [];
    const take = (value: unknown, name: string): void => {
      if (Array.isArray(value)) for (const one of value) take(one, name);
      else if (typeof value === 'object' && value !== null)
        for (const [key, one] of Object.entries(value)) take(one, key);
      else if (typeof value === 'string') {
        const [, key] = /^%(.+)%$/.exec(value) ?? [];
        if (key !== undefined) keys.add(key);
        else if (SHOWN.includes(name) && !NAMES.includes(value)) literal.push(value);
      }
    };
    const { description, capabilities, contributes } = JSON.parse(projectText('package.json')) as Record<
      string,
      unknown
    >;
    take(description, 'description');
    take(capabilities, 'capabilities');
    take(contributes, 'contributes');
    assert.deepEqual(literal, []);
    assert.deepEqual([...keys].sort(), Object.keys(written).sort());
  });

  test('are all in German, with the same commands behind their links', () => {
    const translated = manifestTexts('de');
    assert.deepEqual(Object.keys(translated), Object.keys(written));
    assertTranslated(written, translated);
    const commands = (text: string): string[] => text.match(/\(command:[^)]*\)/g) ?? [];
    for (const [key, text] of Object.entries(translated)) assert.deepEqual(commands(text), commands(written[key]), key);
  });
});

suite('a room that is translated', () => {
  const files = globSync('src/**/*.ts', { cwd: projectRoot }).map((path) => path.replaceAll('\\', '/'));
  const named = [...TO_COME, ...ENGLISH, ...IN_MANIFEST];

  test('says nothing to people but by l10n.t', () => {
    const others = files.filter((file) => !named.some((name) => file.startsWith(name)));
    const found = others.flatMap((file) => literalsIn(file, projectText(file)));
    const words = found.filter(({ message }) => !FOR_PROGRAMS.includes(message));
    assert.deepEqual(words, []);
    const unused = FOR_PROGRAMS.filter((text) => found.every(({ message }) => message !== text));
    assert.deepEqual(unused, [], 'take them out of l10n/rooms.ts');
  });

  test('is not named among those to come: each of these has words of its own', () => {
    const done = TO_COME.filter((name) =>
      files.filter((file) => file.startsWith(name)).every((file) => literalsIn(file, projectText(file)).length === 0),
    );
    assert.deepEqual(done, [], 'take them out of l10n/rooms.ts');
  });
});

suite('the collector', () => {
  test('finds plain texts and templates without values, in any call, and says where', () => {
    const source =
      "const a = [l10n.t('one'), { b: l10n.t(`two`) }];\nl10n.t(\n  'three {n}', { n: 3 });\nothers.t('four'); t('five');";
    assert.deepEqual(saidIn('a.ts', source), [
      { message: 'one', place: 'a.ts:1' },
      { message: 'two', place: 'a.ts:1' },
      { message: 'three {n}', place: 'a.ts:2' },
    ]);
  });

  test('names calls whose text is put together', () => {
    const texts = saidIn('a.ts', "l10n.t(word); l10n.t('a' + b); l10n.t(`a ${b}`);").map(({ message }) => message);
    assert.deepEqual(texts, [undefined, undefined, undefined]);
  });

  test('finds words that no call translates, also among the values of one, and leaves alone what programs read', () => {
    const source = `
      import a from './Some name.ts';
      const b = 'Open';
      const c = l10n.t('two words {a}', { a: isLong ? 'of a person' : \`\${n} more steps\` });
      element('div', { class: 'figure wide one', title: 'Show it here' });
      log.info('for the log'); throw new RangeError('a slip of ours');
      if (d === 'taken over') type = 'paused';`;
    assert.deepEqual(
      literalsIn('a.ts', source).map(({ message }) => message),
      ['Open', 'of a person', '{} more steps', 'Show it here'],
    );
  });
});

/** Each text has a translation with the same names in braces, the same line ends, and no quotation marks of another language. */
function assertTranslated(original: Record<string, string>, translated: Record<string, string>): void {
  for (const [key, text] of Object.entries(translated)) {
    assert.notEqual(text.trim(), '', key);
    assert.deepEqual(new Set(placeholders(text)), new Set(placeholders(original[key])), key);
    assert.equal(text.split('\n').length, original[key].split('\n').length, key);
    assert.ok(!/“(?=\w)/.test(text) && !text.includes('”'), `German quotation marks are „…“: ${text}`);
    assert.equal(/[.?!…]$/.exec(text)?.[0], /[.?!…]$/.exec(original[key])?.[0], `${key}: the same sign at its end`);
  }
}
