/** VS Code's names of encodings whose label for `TextDecoder` does not follow a rule. */
const LABELS: Readonly<Record<string, string>> = {
  utf8bom: 'utf-8',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
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

/**
 * The encoding that VS Code or the Encoding Standard calls so, by the standard's own name for it; undefined where `TextDecoder` has
 * no table for it.
 */
export function decoderLabel(name: string): string | undefined {
  const lower = name.trim().toLowerCase();
  const known = Object.hasOwn(LABELS, lower) ? LABELS[lower] : lower;
  const label = known.replace(/^windows(\d+)$/, 'windows-$1').replace(/^iso8859(\d+)$/, 'iso-8859-$1');
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}
