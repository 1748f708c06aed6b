// What Node and browsers both have and the ES2023 library does not declare; neutral code sees neither's own types.

declare class TextDecoder {
  /** @throws {RangeError} for a label that is not known. */
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  /** The standard's name of the encoding. */
  readonly encoding: string;
  /** @throws {TypeError} with `fatal`, where the bytes are not valid. */
  decode(bytes: Uint8Array): string;
}

declare class TextEncoder {
  /** UTF-8; a lone surrogate becomes U+FFFD. */
  encode(text: string): Uint8Array<ArrayBuffer>;
}
