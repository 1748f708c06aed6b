import crc32 from 'crc-32';

/**
 * How records lie in a file of the run format, little-endian throughout: 8 bytes `RNNRUN1\n`, then one frame a record: u32 length
 * of the payload | u8 kind | payload | u32 CRC-32 (IEEE) of kind and payload. Whole numbers and arrays are copied as they lie in
 * memory: WebAssembly and every machine that VS Code runs on are little-endian too.
 */

export const MAGIC: Uint8Array = new TextEncoder().encode('RNNRUN1\n');
/** A longer one is no record but a damaged length. */
export const MAX_PAYLOAD_BYTES = 64 * 2 ** 20;
/** Records with a wrong checksum, one after the other, after which nothing of the file is believed any more. */
const MAX_DAMAGED_IN_A_ROW = 1000;
/** Of their payloads: two of the longest. */
const MAX_DAMAGED_BYTES = 2 * MAX_PAYLOAD_BYTES;
const HEAD_BYTES = 5;
const CHECKSUM_BYTES = 4;
/** Bytes of a frame beside its payload. */
export const FRAME_BYTES = HEAD_BYTES + CHECKSUM_BYTES;

export interface Frame {
  readonly kind: number;
  /** Part of what was read: to be copied by whoever keeps it. */
  readonly payload: Uint8Array;
  /** Where in the file the frame begins, and where the next one does. */
  readonly start: number;
  readonly end: number;
}

/** A frame around a payload that `fill` writes. */
export function encodeFrame(kind: number, payloadBytes: number, fill: (payload: Uint8Array) => void): Uint8Array {
  if (payloadBytes > MAX_PAYLOAD_BYTES) {
    throw new RangeError(`a record of ${payloadBytes} bytes is longer than the ${MAX_PAYLOAD_BYTES} of the run format`);
  }
  const frame = new Uint8Array(payloadBytes + FRAME_BYTES);
  const view = new DataView(frame.buffer);
  view.setUint32(0, payloadBytes, true);
  frame[4] = kind;
  fill(frame.subarray(HEAD_BYTES, HEAD_BYTES + payloadBytes));
  view.setInt32(HEAD_BYTES + payloadBytes, checksum(frame, 0, payloadBytes), true);
  return frame;
}

/**
 * Finds the frames in the bytes of a file as they come, in pieces of any size. Holds no more than was given to it: lengths are
 * believed only once their bytes are there and the checksum is right.
 */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #held = 0;
  /** Bytes to be held before there is anything to find. */
  #needed = 0;
  /** Where in the file the first held byte lies. */
  #position: number;
  readonly #size: number;
  #validEnd: number;
  #damaged = 0;
  #damagedSince = 0;
  #damagedBytes = 0;
  #isForeign = false;
  #isStopped = false;

  /**
   * @param position at which the first piece begins: 0, or the end of a frame.
   * @param size of the file, where it is known: a length beyond it is damaged.
   */
  constructor(position = 0, size = Infinity) {
    this.#position = position;
    this.#size = size;
    this.#validEnd = position;
  }

  /** Where the last right frame ends: everything after it is torn, damaged or still to come. */
  get validEnd(): number {
    return this.#validEnd;
  }

  /** Frames with a wrong checksum that right ones follow: damaged on the disk, not cut off. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Whether the file begins with something else than the run format does. */
  get isForeign(): boolean {
    return this.#isForeign;
  }

  /** Whether nothing that may still come can be read. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** The frames that are whole with this piece. */
  push(piece: Uint8Array): Frame[] {
    if (this.#isStopped) return [];
    this.#pieces.push(piece);
    this.#held += piece.length;
    if (this.#held < this.#needed) return [];
    const bytes = this.#pieces.length === 1 ? this.#pieces[0] : joined(this.#pieces, this.#held);
    const frames: Frame[] = [];
    const used = this.#find(bytes, frames);
    this.#pieces = used < bytes.length ? [bytes.subarray(used)] : [];
    this.#held = bytes.length - used;
    this.#position += used;
    return frames;
  }

  /** @returns how many bytes were looked at for good. */
  #find(bytes: Uint8Array, frames: Frame[]): number {
    let at = this.#position === 0 ? this.#passMagic(bytes) : 0;
    if (this.#position === 0 && at === 0) return 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (;;) {
      this.#needed = HEAD_BYTES;
      if (bytes.length - at < HEAD_BYTES) return at;
      const length = view.getUint32(at, true);
      const start = this.#position + at;
      const end = start + length + FRAME_BYTES;
      if (length > MAX_PAYLOAD_BYTES || end > this.#size) return this.#stop(at);
      this.#needed = length + FRAME_BYTES;
      if (bytes.length - at < this.#needed) return at;
      if (view.getInt32(at + HEAD_BYTES + length, true) === checksum(bytes, at, length)) {
        frames.push({
          kind: bytes[at + 4],
          payload: bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length),
          start,
          end,
        });
        this.#validEnd = end;
        this.#damaged += this.#damagedSince;
        this.#damagedSince = 0;
        this.#damagedBytes = 0;
      } else {
        // Holes and foreign bytes read as short records without end.
        this.#damagedBytes += length;
        if (++this.#damagedSince > MAX_DAMAGED_IN_A_ROW || this.#damagedBytes > MAX_DAMAGED_BYTES)
          return this.#stop(at);
      }
      at += this.#needed;
    }
  }

  /** @returns the length of the beginning of the file, once it is there and right; else 0. */
  #passMagic(bytes: Uint8Array): number {
    const known = Math.min(bytes.length, MAGIC.length);
    if (MAGIC.subarray(0, known).some((byte, index) => byte !== bytes[index])) {
      this.#isForeign = true;
      return this.#stop(0);
    }
    this.#needed = MAGIC.length;
    if (known < MAGIC.length) return 0;
    this.#validEnd = MAGIC.length;
    return MAGIC.length;
  }

  #stop(at: number): number {
    this.#isStopped = true;
    return at;
  }
}

/** Of a frame's kind and payload, as the signed number that `crc-32` gives. */
function checksum(bytes: Uint8Array, frameAt: number, payloadBytes: number): number {
  return crc32.buf(bytes.subarray(frameAt + 4, frameAt + HEAD_BYTES + payloadBytes));
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
