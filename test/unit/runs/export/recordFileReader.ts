import assert from 'node:assert/strict';

/** Reads event files of TensorBoard, written from the formats' descriptions and not from the code that writes. */

/** The remainder of each byte, bit by bit, by the reflected polynomial of RFC 3720. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  return crc;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ REMAINDERS[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}

function masked(bytes: Uint8Array): number {
  const crc = BigInt(crc32c(bytes));
  const rotated = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn;
  return Number((rotated + 0xa282ead8n) & 0xffffffffn);
}

/** The records of a TFRecord file; fails where a checksum is wrong or the file ends within a record. */
export function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    assert.equal(file.readUInt32LE(at + 8), masked(file.subarray(at, at + 8)), `the length at byte ${at}`);
    const data = file.subarray(at + 12, at + 12 + length);
    assert.equal(data.length, length);
    assert.equal(file.readUInt32LE(at + 12 + length), masked(data), `the data at byte ${at}`);
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** A field of a Protocol Buffers message: a varint as a number, eight and four bytes and what has a length as bytes. */
export interface Field {
  readonly number: number;
  readonly value: number | Buffer;
}

export function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  const bytes = (length: number): Buffer => {
    assert.ok(at + length <= message.length);
    return message.subarray(at, (at += length));
  };
  while (at < message.length) {
    const tag = varint();
    const value = { 0: varint, 1: () => bytes(8), 2: () => bytes(varint()), 5: () => bytes(4) }[tag & 7];
    assert.ok(value, `wire type ${tag & 7}`);
    fields.push({ number: tag >> 3, value: value() });
  }
  return fields;
}

export function field(message: Buffer, number: number): Field['value'] | undefined {
  return fieldsOf(message).find((each) => each.number === number)?.value;
}

export function messageIn(message: Buffer, number: number): Buffer {
  const value = field(message, number);
  assert.ok(value instanceof Buffer, `field ${number}`);
  return value;
}

export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly version: string | undefined;
  readonly values: readonly { readonly tag: string; readonly message: Buffer }[];
}

export function eventsOf(file: Buffer): ReadEvent[] {
  return recordsOf(file).map((event) => {
    const summary = field(event, 5);
    const values = summary instanceof Buffer ? fieldsOf(summary).map(({ value }) => value as Buffer) : [];
    const version = field(event, 3);
    return {
      wallTime: messageIn(event, 1).readDoubleLE(),
      step: Number(field(event, 2) ?? 0),
      version: version?.toString(),
      values: values.map((message) => ({ tag: messageIn(message, 1).toString(), message })),
    };
  });
}

/** Step and value of every scalar of a tag. */
export function scalarsOf(events: readonly ReadEvent[], tag: string): [step: number, value: number][] {
  return events.flatMap(({ step, values }) =>
    values
      .filter((value) => value.tag === tag)
      .map(({ message }): [number, number] => [step, messageIn(message, 2).readFloatLE()]),
  );
}
