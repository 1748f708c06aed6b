import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TrainedText } from '../../../src/host/editor/trainedText.ts';
import { FakeDocument, sessionOf, tapeOf } from './editorFakes.ts';

const TEXT = 'the quick brown fox jumps over the lazy dog\n'.repeat(20);

/** `fits`, why not, or `unknown`. */
function fitOf(text: TrainedText, document: FakeDocument): string {
  const fit = text.fit(document);
  if (fit === undefined) return 'unknown';
  return fit.kind === 'fits' ? 'fits' : fit.reason;
}

suite('whether a document holds the text of a run', () => {
  test('is not known before the run has read its text, and then true of the document that it began with', () => {
    const session = sessionOf(TEXT);
    const document = new FakeDocument(TEXT);
    const text = new TrainedText(session, document);
    assert.equal(fitOf(text, document), 'unknown');
    session.begin();
    assert.equal(fitOf(text, document), 'fits');
  });

  test('ends with a change, even of as many characters, and holds again when the change is undone', () => {
    const session = sessionOf(TEXT);
    session.begin();
    const document = new FakeDocument(TEXT);
    const text = new TrainedText(session, document);
    document.edit(`${TEXT}x`);
    assert.equal(fitOf(text, document), 'changed');
    document.edit(TEXT.replace('quick', 'kciuq'));
    assert.equal(fitOf(text, document), 'changed');
    document.save();
    assert.equal(fitOf(text, document), 'changed');
    document.edit(TEXT);
    assert.equal(fitOf(text, document), 'fits');
  });

  test('a change before the run has read its text is seen, too', () => {
    const session = sessionOf(TEXT);
    const document = new FakeDocument(TEXT);
    const text = new TrainedText(session, document);
    document.edit(TEXT.replace('quick', 'kciuq'));
    session.begin();
    assert.equal(fitOf(text, document), 'changed');
  });

  test('a document opened later fits with as many characters and the same ones', () => {
    const session = sessionOf(TEXT);
    session.begin();
    assert.equal(fitOf(new TrainedText(session, undefined), new FakeDocument(TEXT)), 'fits');
    assert.equal(fitOf(new TrainedText(session, undefined), new FakeDocument(TEXT.slice(1))), 'other');
    assert.equal(fitOf(new TrainedText(session, undefined), new FakeDocument(TEXT.replaceAll('q', 'Q'))), 'other');
    assert.equal(fitOf(new TrainedText(session, undefined), new FakeDocument(TEXT.replaceAll('q', 'z'))), 'other');
  });

  test('a document that is opened later with unsaved changes has changed', () => {
    const session = sessionOf(TEXT);
    session.begin();
    const document = new FakeDocument(TEXT);
    document.isDirty = true;
    assert.equal(fitOf(new TrainedText(session, undefined), document), 'changed');
  });

  test('a file of mixed line ends does not fit, since VS Code shows them all alike', () => {
    const session = sessionOf(`${TEXT}one\r\ntwo\n`);
    session.begin();
    const document = new FakeDocument(`${TEXT}one\ntwo\n`);
    assert.equal(fitOf(new TrainedText(session, document), document), 'other');
  });

  test('a window that reads other symbols than are there shows that it does not fit', () => {
    const session = sessionOf(TEXT);
    session.begin();
    const document = new FakeDocument(TEXT);
    const text = new TrainedText(session, document);
    const ids = session.vocabulary.encode(TEXT.slice(10, 30));
    assert.equal(text.check(document, tapeOf(10, [...ids])), true);
    assert.equal(fitOf(text, document), 'fits');
    assert.equal(text.check(document, tapeOf(11, [...ids])), false);
    assert.equal(fitOf(text, document), 'other');
  });

  test('bytes are counted as bytes', () => {
    const session = sessionOf(`é😀${TEXT}`, { tokens: 'bytes' });
    session.begin();
    const document = new FakeDocument(`é😀${TEXT}`);
    const fit = new TrainedText(session, document).fit(document);
    assert.equal(fit?.kind === 'fits' && fit.text.symbols, TEXT.length + 6);
    assert.equal(fitOf(new TrainedText(session, undefined), new FakeDocument(`e😀${TEXT}`)), 'other');
  });

  test('a text whose validation part is one character, or none, fits as well', () => {
    for (const validationFraction of [0, 0.001]) {
      const session = sessionOf(TEXT, { validationFraction });
      session.begin();
      assert.equal(fitOf(new TrainedText(session, undefined), new FakeDocument(TEXT)), 'fits');
    }
  });
});
