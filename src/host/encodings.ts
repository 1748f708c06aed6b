import type { UnicodeEncoding } from '../text/decode.ts';

/** VS Code's names of encodings whose label for `TextDecoder` does not follow a rule. */
const LABELS: Readonly<Record<string, string>> = {
  macroman: 'macintosh',
  cp866: 'ibm866',
  cp950: 'big5',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
  big5hkscs: 'big5-hkscs',
  shiftjis: 'shift_jis',
  eucjp: 'euc-jp',
  euckr: 'euc-kr',
  gbk: 'gbk',
  gb18030: 'gb18030',
  gb2312: 'gb2312',
};
const UNICODE: Readonly<Record<string, UnicodeEncoding>> = {
  utf8: 'utf-8',
  utf8bom: 'utf-8',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
};
/** VS Code looks at so many bytes to find UTF-16 without byte order mark. */
const DETECTION_BYTES = 512;

/** The Unicode encoding that VS Code calls so. */
export function unicodeEncoding(name: string): UnicodeEncoding | undefined {
  return UNICODE[name];
}

/** The label of the encoding that VS Code calls so; undefined where `TextDecoder` has no table for it. */
export function decoderLabel(name: string): string | undefined {
  const label = LABELS[name] ?? name.replace(/^windows(\d+)$/, 'windows-$1').replace(/^iso8859(\d+)$/, 'iso-8859-$1');
  try {
    new TextDecoder(label);
    return label;
  } catch {
    return undefined;
  }
}

/** UTF-16 without byte order mark by VS Code's own rule: every other byte at the beginning is 0, and no other one is. */
export function unmarkedUtf16(head: Uint8Array): UnicodeEncoding | undefined {
  const bytes = head.subarray(0, DETECTION_BYTES);
  if (bytes.length < 2) return undefined;
  if (bytes.every((byte, at) => (byte === 0) === (at % 2 === 1))) return 'utf-16le';
  if (bytes.every((byte, at) => (byte === 0) === (at % 2 === 0))) return 'utf-16be';
  return undefined;
}
