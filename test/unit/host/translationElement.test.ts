import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse } from 'parse5';
import { translationElement } from '../../../src/host/panel/translationElement.ts';

suite('the translation within a page', () => {
  test('is read as it was written, whatever its texts hold', () => {
    const translation = {
      language: 'de',
      texts: { Open: '</script><script>alert(1)</script>', '<!--': '“<b>” & „ü“' },
    };
    const html = translationElement(translation, 'abc');
    const scripts = html.match(/<\/?script/g);
    assert.deepEqual(scripts, ['<script', '</script']);
    const { body } = bodyOf(`<html><body>${html}</body></html>`);
    const [element] = body.filter(({ nodeName }) => nodeName === 'script');
    assert.deepEqual(JSON.parse(element.text), translation);
  });

  test('is not there where the page is English', () => {
    assert.equal(translationElement(undefined, 'abc'), '');
  });
});

/** The elements of a page's body, with the text in each. */
function bodyOf(html: string): { readonly body: { readonly nodeName: string; readonly text: string }[] } {
  const [page] = parse(html).childNodes.filter((node) => node.nodeName === 'html');
  const children = 'childNodes' in page ? page.childNodes : [];
  const body = children.find(({ nodeName }) => nodeName === 'body');
  const elements = body !== undefined && 'childNodes' in body ? body.childNodes : [];
  return {
    body: elements.map((element) => {
      const [text] = 'childNodes' in element ? element.childNodes : [];
      return { nodeName: element.nodeName, text: text !== undefined && 'value' in text ? text.value : '' };
    }),
  };
}
