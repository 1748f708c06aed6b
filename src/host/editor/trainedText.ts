import { createHash } from 'node:crypto';
import type { Tape } from '../../protocol/study.ts';
import type { IdSource } from '../../text/ids.ts';
import { splitIds } from '../../text/streams.ts';
import { codesOfSymbols, holdsWindow } from './inspectedWindow.ts';
import type { StudiedSession } from './study.ts';
import { SymbolText } from './symbolText.ts';

/** What of a document is needed to know whether it still is the text of a run. */
export interface Versioned {
  /** Grows with every change, also with one that is undone. */
  readonly version: number;
  readonly isDirty: boolean;
  getText(): string;
}

/** Whether a document is the text that a run learns, with its symbols if it is. */
export type Fit =
  | { readonly kind: 'fits'; readonly text: SymbolText }
  /** `changed` since the run began; `other`: no change was seen, yet these are not the characters that the run read; or too `long`. */
  | { readonly kind: 'differs'; readonly reason: 'changed' | 'other' | 'long' };

/**
 * Knows whether a document still is the text that its run began with. It is where it has as many symbols as the run counted,
 * the same different ones, at every inspected window the symbols that the window reads, and, if it was open when the run
 * began or was found to fit before, the same hash as then: changes that are undone do no harm. A file whose line ends are
 * mixed does not fit, since VS Code shows them all alike.
 */
export class TrainedText {
  readonly #session: StudiedSession;
  readonly #fits = new WeakMap<Versioned, { readonly version: number; readonly fit: Fit }>();
  /** The text, once it is known. */
  #known: Fingerprint | undefined;
  #codes: readonly number[] | undefined;

  /** @param document the run's file, where it is open as the run begins. */
  constructor(session: StudiedSession, document: Versioned | undefined) {
    this.#session = session;
    this.#known = document && fingerprintOf(document.getText());
  }

  /** Undefined until the run has read its text. */
  fit(document: Versioned): Fit | undefined {
    const known = this.#fits.get(document);
    if (known?.version === document.version) return known.fit;
    const fit = this.#compare(document);
    if (fit !== undefined) this.#fits.set(document, { version: document.version, fit });
    return fit;
  }

  /** Compares a window that the run reads with the document; what does not fit there fits no more, and false is returned. */
  check(document: Versioned, tape: Tape): boolean {
    const { facts, settings } = this.#session.description;
    const fit = this.fit(document);
    if (fit?.kind !== 'fits' || facts === undefined) return true;
    this.#codes ??= codesOfSymbols(facts.vocabulary, settings.tokens);
    if (holdsWindow(fit.text, tape, this.#codes)) return true;
    this.#fits.set(document, { version: document.version, fit: { kind: 'differs', reason: 'other' } });
    return false;
  }

  #compare(document: Versioned): Fit | undefined {
    if (this.#session.description.facts === undefined) return undefined;
    const text = document.getText();
    if (text.length > LONGEST) return { kind: 'differs', reason: 'long' };
    // Nobody saw what was changed in a document that is dirty when it is first looked at.
    const isChanged = this.#known === undefined ? document.isDirty : !isSame(text, this.#known);
    if (isChanged) return { kind: 'differs', reason: 'changed' };
    const symbols = new SymbolText(text, this.#session.description.settings.tokens);
    const isCounted = this.#isCounted(symbols);
    this.#known = isCounted ? (this.#known ?? fingerprintOf(text)) : undefined;
    return isCounted ? { kind: 'fits', text: symbols } : { kind: 'differs', reason: 'other' };
  }

  /** Whether the text has as many symbols as the run counted, and the same ones. */
  #isCounted(text: SymbolText): boolean {
    const { facts, settings } = this.#session.description;
    if (facts === undefined) return false;
    const parts = splitIds(countOnly(text.symbols), settings.validationFraction);
    // A single symbol is not validated: none follows it.
    const validated = parts.validation.length < 2 ? 0 : parts.validation.length;
    if (parts.training.length !== facts.trainingCharacters || validated !== facts.validationCharacters) return false;
    return settings.tokens === 'bytes' || hasSymbols(text.text, facts.vocabulary);
  }
}

/** UTF-16 units: reading through more of them would hold up every other extension for a moment. */
export const LONGEST = 8_000_000;

interface Fingerprint {
  readonly length: number;
  readonly hash: string;
}

function fingerprintOf(text: string): Fingerprint {
  return { length: text.length, hash: text.length > LONGEST ? '' : hashOf(text) };
}

/** Most changes change the length, which is seen without reading the text. */
function isSame(text: string, known: Fingerprint): boolean {
  return text.length === known.length && hashOf(text) === known.hash;
}

function hashOf(text: string): string {
  return createHash('sha1').update(text, 'utf16le').digest('base64');
}

/** So many symbols, of which nobody reads any. */
function countOnly(length: number): IdSource {
  return { length, memoryBytes: 0, read: () => undefined, readers: () => [] };
}

/** Whether the different code points of a text are these symbols, none less and none more. */
function hasSymbols(text: string, symbols: readonly string[]): boolean {
  const seen = new Uint8Array(0x110000);
  let different = 0;
  for (let unit = 0; unit < text.length; unit++) {
    const codePoint = text.codePointAt(unit) ?? 0;
    if (codePoint > 0xffff) unit++;
    if (seen[codePoint] === 0) different++;
    seen[codePoint] = 1;
  }
  return different === symbols.length && symbols.every((symbol) => seen[symbol.codePointAt(0) ?? 0] === 1);
}
