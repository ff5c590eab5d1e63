/**
 * Writes into a TensorFlow Lite model how a picture has to be given to it. The model of selfie segmentation comes with
 * MediaPipe's npm package of 2023, whose program knew that by itself; its successor, MediaPipe Tasks, asks the model.
 *
 * Such a file is a FlatBuffer: what refers stands before what it refers to. So a new root goes before the old file and
 * refers to the lists in it; nothing of the network is touched.
 */
import { Builder, ByteBuffer } from 'flatbuffers';

/** Members of `Model` in TensorFlow Lite's schema.fbs, version 3. */
const MODEL = { version: 0, operators: 1, graphs: 2, description: 3, buffers: 4, metadata: 6, all: 8 };
/** The numbers of the network have to stay at multiples of this. */
const ALIGNMENT = 16;

/** @param {Builder} builder @param {number} members @param {() => void} fill */
function table(builder, members, fill) {
  builder.startObject(members);
  fill();
  return builder.endObject();
}

/** @param {Builder} builder @param {number[]} offsets in reading order */
function list(builder, offsets) {
  builder.startVector(4, offsets.length, 4);
  for (const offset of offsets.toReversed()) builder.addOffset(offset);
  return builder.endVector();
}

/** `ModelMetadata` of metadata_schema.fbs: colours from 0 to 255 become numbers from 0 to 1. */
function normalization() {
  const builder = new Builder();
  /** @param {number} value */
  const single = (value) => {
    builder.startVector(4, 1, 4);
    builder.addFloat32(value);
    return builder.endVector();
  };
  const [mean, deviation] = [single(0), single(255)];
  const options = table(builder, 2, () => {
    builder.addFieldOffset(0, mean, 0);
    builder.addFieldOffset(1, deviation, 0);
  });
  const unit = table(builder, 2, () => {
    builder.addFieldInt8(0, 1, 0); // the first kind of ProcessUnitOptions
    builder.addFieldOffset(1, options, 0);
  });
  const units = list(builder, [unit]);
  const input = table(builder, 7, () => builder.addFieldOffset(4, units, 0));
  const output = table(builder, 7, () => {});
  const [inputs, outputs] = [list(builder, [input]), list(builder, [output])];
  const graph = table(builder, 10, () => {
    builder.addFieldOffset(2, inputs, 0);
    builder.addFieldOffset(3, outputs, 0);
  });
  const graphs = list(builder, [graph]);
  builder.finish(
    table(builder, 8, () => builder.addFieldOffset(3, graphs, 0)),
    'M001',
  );
  return builder.asUint8Array();
}

/** @param {Uint8Array} model */
export function withNormalization(model) {
  const old = new ByteBuffer(model);
  const root = old.readInt32(0);
  /** @param {number} place */
  const follow = (place) => place + old.readInt32(place);
  /** @param {number} member */
  const member = (member) => root + old.__offset(root, 4 + 2 * member);

  const builder = new Builder(4096);
  /** The builder counts from its end, which is where the old file begins. @param {number} position */
  const inOld = (position) => -position;
  const told = normalization();
  builder.startVector(1, told.length, ALIGNMENT);
  for (const byte of told.toReversed()) builder.addInt8(byte);
  const data = builder.endVector();
  const buffer = table(builder, 3, () => builder.addFieldOffset(0, data, 0));

  const oldBuffers = follow(member(MODEL.buffers));
  const count = old.readInt32(oldBuffers);
  const places = Array.from({ length: count }, (_, index) => oldBuffers + 4 + 4 * index);
  const buffers = list(builder, [...places.map((place) => inOld(follow(place))), buffer]);
  const name = builder.createString('TFLITE_METADATA');
  const entry = table(builder, 2, () => {
    builder.addFieldOffset(0, name, 0);
    builder.addFieldInt32(1, count, 0);
  });
  const metadata = list(builder, [entry]);
  const newRoot = table(builder, MODEL.all, () => {
    builder.addFieldInt32(MODEL.version, old.readInt32(member(MODEL.version)), 0);
    for (const same of [MODEL.operators, MODEL.graphs, MODEL.description])
      builder.addFieldOffset(same, inOld(follow(member(same))), 0);
    builder.addFieldOffset(MODEL.buffers, buffers, 0);
    builder.addFieldOffset(MODEL.metadata, metadata, 0);
  });
  builder.finish(newRoot, 'TFL3');
  return Buffer.concat([builder.asUint8Array(), model]);
}
