import { FIELD_BYTES, FLOAT_FIELDS, RECORDS, type FieldOf, type FloatField, type RecordName } from './layout.ts';
import type { WasmMemory } from './webAssembly.ts';

/** A record in shared memory, before there is any. */
export interface PlannedRecord {
  readonly address: number;
  readonly name: RecordName;
  readonly values: Readonly<Record<string, number>>;
}

/** Everything begins at a cache line. */
const ALIGNMENT = 64;
const F32_BYTES = Float32Array.BYTES_PER_ELEMENT;
const F64_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Hands out the bytes of a memory that does not exist yet, from one on. */
export class MemoryPlan {
  readonly records: PlannedRecord[] = [];
  #end: number;

  constructor(start: number) {
    this.#end = start;
  }

  /** The first byte that is free, at a cache line. */
  get end(): number {
    return align(this.#end);
  }

  take(bytes: number): number {
    const address = this.end;
    this.#end = address + bytes;
    return address;
  }

  floats(count: number, isNeeded = true): number {
    return this.take(isNeeded ? count * F32_BYTES : 0);
  }

  doubles(count: number, isNeeded = true): number {
    return this.take(isNeeded ? count * F64_BYTES : 0);
  }

  /** Where a record will be that is put later. */
  reserve(name: RecordName, count = 1): number {
    return this.take(count * recordBytes(name));
  }

  put<R extends RecordName>(name: R, address: number, values: ValuesOf<R>): void {
    this.records.push({ address, name, values });
  }

  /** Records one after the other; returns the address of the first. */
  list<R extends RecordName>(name: R, all: readonly ValuesOf<R>[]): number {
    const first = this.reserve(name, all.length);
    all.forEach((values, index) => this.put(name, first + index * recordBytes(name), values));
    return first;
  }
}

/** What is known of a record when it is planned: all but the float32 fields of the network. */
export type ValuesOf<R extends RecordName> = Readonly<
  Record<R extends 'Network' ? Exclude<FieldOf<R>, FloatField> : FieldOf<R>, number>
>;

export function recordBytes(name: RecordName): number {
  return RECORDS[name].length * FIELD_BYTES;
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

const floatFields: ReadonlySet<string> = new Set(FLOAT_FIELDS);

/** Writes what was planned into the memory that there is now. */
export function writeRecords(records: readonly PlannedRecord[], { buffer }: WasmMemory): void {
  const view = new DataView(buffer);
  for (const { address, name, values } of records) {
    RECORDS[name].forEach((field, index) => {
      const value = (values as Readonly<Record<string, number | undefined>>)[field] ?? 0;
      if (floatFields.has(field)) view.setFloat32(address + index * FIELD_BYTES, value, true);
      else view.setUint32(address + index * FIELD_BYTES, value, true);
    });
  }
}

/** Returns a setter of the float32 fields of a network. */
export function networkSetter(address: number, { buffer }: WasmMemory): (field: FloatField, value: number) => void {
  const floats = new Float32Array(buffer, address, RECORDS.Network.length);
  return (field, value) => (floats[RECORDS.Network.indexOf(field as FieldOf<'Network'>)] = value);
}
