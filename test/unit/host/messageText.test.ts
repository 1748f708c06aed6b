import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { messageText } from '../../../src/host/messageText.ts';

/** What VS Code 1.139 makes links of, in src/vs/base/common/linkedText.ts. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

describe('a message', () => {
  it('holds no link, whatever is quoted in it', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '[shakespeare.txt]',
        '(command:workbench.action.terminal.new)',
        '[',
        ']',
        '(',
        'https://a ',
        ')',
        '\n',
      ),
      fc.constantFrom('\u200b', '\u0000', '\u202e', '\t'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        assert.doesNotMatch(messageText(pieces.join('')), LINK);
      }),
      { seed: 1 },
    );
  });

  it('says what the name was that would have been a link', () => {
    const text = messageText('The run on [shakespeare.txt](command:workbench.action.terminal.new) was interrupted.');
    assert.equal(text, 'The run on [shakespeare.txt] (command:workbench.action.terminal.new) was interrupted.');
    assert.doesNotMatch(text, LINK);
  });

  it('is one line without signs that cannot be seen', () => {
    assert.equal(messageText('a\r\n\tb\u202ec\u001b[31m'), 'a b\\u{202e}c\\u{1b}[31m');
  });

  it('leaves our own words as they are', () => {
    const text = 'hiddenSize is 0; it must be a whole number from 1 to 4096 (see "Settings"). ρ ≥ 1, 漢字 👍';
    assert.equal(messageText(text), text);
  });

  it('has an end', () => {
    assert.equal(messageText('x'.repeat(6_000_000)).length, 1001);
  });
});
