// What Node and browsers both have and the ES2023 library does not declare; neutral code sees neither's own types.

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  /** @throws {TypeError} with `fatal`, where the bytes are not valid. */
  decode(bytes: Uint8Array): string;
}

declare class TextEncoder {
  /** UTF-8; a lone surrogate becomes U+FFFD. */
  encode(text: string): Uint8Array<ArrayBuffer>;
}
