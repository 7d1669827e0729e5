import type { Column, ColumnType, ScalarName } from '../column-type.ts';
import type { Value } from '../row.ts';
import { decimalDecoder } from './decode-decimals.ts';
import { decodeBigints, decodeBooleans, decodeDoubles, decodeIntegers } from './decode-numbers.ts';
import { decodeTexts } from './decode-texts.ts';
import { decodeDates, decodeTimestamps } from './decode-times.ts';
import { objectMaker } from './object-maker.ts';
import { isNull, nullBits, type VectorDecoder, vectorBytes } from './vector-decoder.ts';

const scalars: Readonly<Record<ScalarName, VectorDecoder>> = {
  VARCHAR: decodeTexts,
  BIGINT: decodeBigints,
  INTEGER: decodeIntegers,
  DOUBLE: decodeDoubles,
  BOOLEAN: decodeBooleans,
  DATE: decodeDates,
  TIMESTAMP: decodeTimestamps,
};

/** The decoder of a type. The vector must be of this type: its bytes and addresses are taken for what the type says (see `isVectorOf`). */
export const vectorDecoder = (type: ColumnType): VectorDecoder => {
  if (type.kind === 'DECIMAL') return decimalDecoder(type.precision, type.scale);
  if (type.kind === 'STRUCT') return structDecoder(type.fields);
  if (type.kind === 'LIST') return listDecoder(vectorDecoder(type.element));
  return scalars[type.kind];
};

/** Fields one by one, then objects of them. */
const structDecoder = (fields: readonly Column[]): VectorDecoder => {
  const decoders = fields.map(({ type }) => vectorDecoder(type));
  const makeObjects = objectMaker(fields.map(({ name }) => name));
  return (access, slice) => {
    const { vector, count } = slice;
    const outer = nullBits(access, slice);
    const columns = decoders.map((decode, field) =>
      decode(access, { vector: access.struct_vector_get_child(vector, field), count, outer }),
    );
    const objects: Value[] = makeObjects(columns, count);
    if (outer !== null) for (let at = 0; at < count; at += 1) if (isNull(outer, at)) objects[at] = null;
    return objects;
  };
};

/** The elements of all lists, then each list's share of them. */
const listDecoder =
  (decode: VectorDecoder): VectorDecoder =>
  (access, slice) => {
    const nulls = nullBits(access, slice);
    const bytes = vectorBytes(access, slice, 16);
    // Of offset and length, 8 bytes each, only the lower halves can be in use.
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, slice.count * 4);
    const count = access.list_vector_get_size(slice.vector);
    const vector = access.list_vector_get_child(slice.vector);
    const elements = count === 0 ? [] : decode(access, { vector, count, outer: null });
    const lists = new Array<Value>(slice.count);
    for (let at = 0; at < slice.count; at += 1) {
      const offset = words[4 * at] as number;
      lists[at] = isNull(nulls, at) ? null : elements.slice(offset, offset + (words[4 * at + 2] as number));
    }
    return lists;
  };
