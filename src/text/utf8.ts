/** What is not a complete, valid sequence. */
export const INVALID = -1;

/** The longest sequence of one code point. */
export const MAX_SEQUENCE = 4;

/**
 * The code point whose UTF-8 sequence starts at `at`, or `INVALID` where the bytes there are none: a stray continuation
 * byte, a sequence cut short, an overlong form, a surrogate or a number above U+10FFFF (Unicode 16, table 3-7).
 */
export function codePointOfBytes(bytes: ArrayLike<number>, at: number, end = bytes.length): number {
  const lead = bytes[at];
  if (lead < 0x80) return lead;
  const length = sequenceLength(lead);
  if (lead < 0xc2 || lead > 0xf4 || at + length > end) return INVALID;
  let codePoint = lead & (0x7f >> length);
  for (let offset = 1; offset < length; offset++) {
    const byte = bytes[at + offset];
    if (byte >> 6 !== 0b10) return INVALID;
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  const surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return utf8Length(codePoint) === length && !surrogate && codePoint <= 0x10ffff ? codePoint : INVALID;
}

/** How many bytes a sequence that begins with this byte takes, if it is one. */
export function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** How many bytes the code point takes in UTF-8. */
export function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
