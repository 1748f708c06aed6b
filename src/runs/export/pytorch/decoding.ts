import { TextDecoder } from 'node:util';

/** How `train.py` reads the bytes of a text without byte order mark; without either, they are UTF-8. */
export interface Decoding {
  /** Python's name of the codec that reads what `TextDecoder` reads. */
  readonly codec?: string;
  /** Of an encoding of one byte a character: 256 characters, `UNDEFINED` where a byte is none. */
  readonly table?: string;
}

/** What `codecs.charmap_decode` takes for a byte that is no character. */
const UNDEFINED = '\ufffe';

/**
 * Python's codecs for the encodings of several bytes a character, by the names of the Encoding Standard. Those of the same
 * name in Python are often an older or narrower version.
 */
const CODECS: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  'utf-16le': 'utf-16-le',
  'utf-16be': 'utf-16-be',
  shift_jis: 'cp932',
  'euc-jp': 'euc_jp',
  'iso-2022-jp': 'iso2022_jp',
  'euc-kr': 'cp949',
  gbk: 'gb18030',
  gb18030: 'gb18030',
  big5: 'big5hkscs',
};

/** @param label of the text's encoding, which `TextDecoder` knows; undefined for UTF-8. */
export function decodingOf(label: string | undefined): Decoding {
  if (label === undefined) return {};
  const { encoding } = new TextDecoder(label);
  const codec = Object.hasOwn(CODECS, encoding) ? CODECS[encoding] : undefined;
  if (codec !== undefined) return { codec };
  return { table: Array.from({ length: 256 }, (_, byte) => characterOf(byte, encoding)).join('') };
}

function characterOf(byte: number, encoding: string): string {
  try {
    // As a stream, which is how texts are read: at once, Node 24 takes windows-1252 for ISO 8859-1 (nodejs/node#56542).
    const character = new TextDecoder(encoding, { fatal: true }).decode(Uint8Array.of(byte), { stream: true });
    return character.length === 1 ? character : UNDEFINED;
  } catch {
    return UNDEFINED;
  }
}
