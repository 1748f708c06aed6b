import type { UnicodeEncoding } from '../../text/decode.ts';

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

/** UTF-16 without byte order mark by VS Code's own rule: every other byte at the beginning is 0, and no other one is. */
export function unmarkedUtf16(head: Uint8Array): UnicodeEncoding | undefined {
  const bytes = head.subarray(0, DETECTION_BYTES);
  if (bytes.length < 2) return undefined;
  if (bytes.every((byte, at) => (byte === 0) === (at % 2 === 1))) return 'utf-16le';
  if (bytes.every((byte, at) => (byte === 0) === (at % 2 === 0))) return 'utf-16be';
  return undefined;
}
