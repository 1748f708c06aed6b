/** What is not a complete, valid sequence. */
export const INVALID = -1;

/**
 * The code point whose UTF-8 sequence starts at `at`, or `INVALID` where the bytes there are none: a stray continuation
 * byte, a sequence cut short, an overlong form, a surrogate or a number above U+10FFFF (Unicode 16, table 3-7).
 */
export function codePointOfBytes(bytes: ArrayLike<number>, at: number): number {
  const lead = bytes[at];
  if (lead < 0x80) return lead;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + length > bytes.length) return INVALID;
  let codePoint = lead & (0x7f >> length);
  for (let offset = 1; offset < length; offset++) {
    const byte = bytes[at + offset];
    if (byte >> 6 !== 0b10) return INVALID;
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  const surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return utf8Length(codePoint) === length && !surrogate && codePoint <= 0x10ffff ? codePoint : INVALID;
}

/** How many bytes the code point takes in UTF-8. */
export function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** The offset of the first byte that belongs to no valid sequence, or the length where all are valid. */
export function firstInvalidByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const codePoint = codePointOfBytes(bytes, at);
    if (codePoint === INVALID) return at;
    at += utf8Length(codePoint);
  }
  return at;
}
