import { PbfWriter } from 'pbf';

/**
 * Events as TensorBoard reads them, in Protocol Buffers. The field numbers are those of tensorflow/core/util/event.proto,
 * core/framework/summary.proto, tensor.proto and tensor_shape.proto.
 */

/** A value of one tag at one step. */
export type TaggedValue = {
  readonly tag: string;
  /** Whether it is the first of its tag, which says what all of them are. */
  readonly isFirst: boolean;
  /** What the tag is, in Markdown; TensorBoard shows it beside the picture. */
  readonly description?: string | undefined;
} & (
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'image'; readonly width: number; readonly height: number; readonly png: Uint8Array }
  | { readonly kind: 'text'; readonly markdown: string }
);

/** RGBA, as summary.proto counts colour spaces. */
const COLOR_SPACE_RGBA = 4;
const DT_STRING = 7;

/**
 * Which plugin of TensorBoard shows a kind of value, the content that the plugin asks for (plugin_data.proto beside each), and the
 * class of its data. The default loader takes a description from a tag whose class is said, and from no other (data_compat.rs).
 */
const PLUGINS: Readonly<Record<TaggedValue['kind'], { name: string; content: Uint8Array; dataClass: number }>> = {
  // Version 0, which is what nothing stands for.
  scalar: { name: 'scalars', content: new Uint8Array(), dataClass: 1 },
  text: { name: 'text', content: new Uint8Array(), dataClass: 2 },
  // `converted_to_tensor`: every value is one picture, with its width and height before it.
  image: { name: 'images', content: Uint8Array.of(0x10, 1), dataClass: 3 },
};

/** The first event of every file: what the ones after it are written as. */
export function versionEvent(wallTimeSeconds: number): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(1, wallTimeSeconds);
  event.writeStringField(3, 'brain.Event:2');
  return event.finish();
}

/** Everything that is known of one step, as one event. */
export function summaryEvent(wallTimeSeconds: number, step: number, values: readonly TaggedValue[]): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(1, wallTimeSeconds);
  event.writeVarintField(2, step);
  event.writeMessage(5, writeSummary, values);
  return event.finish();
}

function writeSummary(values: readonly TaggedValue[], summary: PbfWriter): void {
  for (const value of values) summary.writeMessage(1, writeValue, value);
}

function writeValue(value: TaggedValue, out: PbfWriter): void {
  out.writeStringField(1, value.tag);
  if (value.kind === 'scalar') out.writeFloatField(2, value.value);
  if (value.kind === 'image') out.writeMessage(4, writeImage, value);
  if (value.kind === 'text') out.writeMessage(8, writeText, value.markdown);
  if (value.isFirst) out.writeMessage(9, writeMetadata, value);
}

function writeImage(image: Extract<TaggedValue, { kind: 'image' }>, out: PbfWriter): void {
  out.writeVarintField(1, image.height);
  out.writeVarintField(2, image.width);
  out.writeVarintField(3, COLOR_SPACE_RGBA);
  out.writeBytesField(4, image.png);
}

/** A tensor of one string. */
function writeText(markdown: string, out: PbfWriter): void {
  out.writeVarintField(1, DT_STRING);
  out.writeMessage(2, (size: number, shape: PbfWriter) => shape.writeMessage(2, writeDimension, size), 1);
  out.writeStringField(8, markdown);
}

function writeDimension(size: number, out: PbfWriter): void {
  out.writeVarintField(1, size);
}

function writeMetadata({ kind, description }: TaggedValue, out: PbfWriter): void {
  out.writeMessage(1, writePlugin, kind);
  if (description !== undefined) out.writeStringField(3, description);
  out.writeVarintField(4, PLUGINS[kind].dataClass);
}

function writePlugin(kind: TaggedValue['kind'], out: PbfWriter): void {
  const { name, content } = PLUGINS[kind];
  out.writeStringField(1, name);
  if (content.length > 0) out.writeBytesField(2, content);
}
