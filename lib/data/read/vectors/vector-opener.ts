import type { Column, ColumnType, ScalarName } from '../../../columns/column-type.ts';
import type { Value } from '../../row.ts';
import { decimalOpener } from './decimal-opener.ts';
import { objectMaker } from './object-maker.ts';
import { openBigints, openBooleans, openDoubles, openIntegers } from './open-numbers.ts';
import { openTexts } from './open-texts.ts';
import { openDates, openTimestamps } from './open-times.ts';
import { bytesOfValue, isNull, nullBits, type OpenVector, type VectorOpener, vectorBytes } from './open-vector.ts';

const scalars: Readonly<Record<ScalarName, VectorOpener>> = {
  VARCHAR: openTexts,
  BIGINT: openBigints,
  INTEGER: openIntegers,
  DOUBLE: openDoubles,
  BOOLEAN: openBooleans,
  DATE: openDates,
  TIMESTAMP: openTimestamps,
};

/** Returns the opener of a type. The vector must have this type: the opener reads its bytes and addresses as the type says (see `isVectorOf`). */
export function vectorOpener(type: ColumnType): VectorOpener {
  if (type.kind === 'DECIMAL') return decimalOpener(type.precision, type.scale);
  if (type.kind === 'STRUCT') return structOpener(type.fields);
  if (type.kind === 'LIST') return listOpener(vectorOpener(type.element));
  return scalars[type.kind];
}

const sum = (opened: readonly OpenVector[]): number => opened.reduce((total, { bytes }) => total + bytes, 0);

/** Opens the fields one by one, then makes objects of them. */
const structOpener = (fields: readonly Column[]): VectorOpener => {
  const openers = fields.map(({ type }) => vectorOpener(type));
  const makeObjects = objectMaker(fields.map(({ name }) => name));
  return (access, raw) => {
    const { vector, count } = raw;
    const outer = nullBits(access, raw);
    const opened = openers.map((open, field) =>
      open(access, { ...raw, vector: access.struct_vector_get_child(vector, field), outer }),
    );
    return {
      bytes: sum(opened) + count * bytesOfValue,
      read: (from, to) => {
        const columns = opened.map(({ read }) => read(from, to));
        const objects: Value[] = makeObjects(columns, to - from);
        if (outer !== null) for (let at = from; at < to; at += 1) if (isNull(outer, at)) objects[at - from] = null;
        return objects;
      },
    };
  };
};

/** Opens the elements of all lists, then gives each list its range. */
const listOpener =
  (open: VectorOpener): VectorOpener =>
  (access, raw) => {
    const nulls = nullBits(access, raw);
    const bytes = vectorBytes(access, raw, 16);
    // Offset and length have 8 bytes each; only their lower halves are in use.
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, raw.count * 4);
    const count = access.list_vector_get_size(raw.vector);
    const elements =
      count === 0
        ? null
        : open(access, { ...raw, vector: access.list_vector_get_child(raw.vector), count, outer: null });
    /** The first element of the lists from `from` up to `to`, and the one after the last. */
    const elementRange = (from: number, to: number): readonly [number, number] => {
      let [first, last] = [count, 0];
      for (let at = from; at < to; at += 1) {
        const length = words[4 * at + 2] as number;
        if (isNull(nulls, at) || length === 0) continue;
        const offset = words[4 * at] as number;
        if (offset < first) first = offset;
        if (offset + length > last) last = offset + length;
      }
      return [first, last];
    };
    return {
      bytes: (elements?.bytes ?? 0) + raw.count * bytesOfValue,
      read: (from, to) => {
        const [first, last] = elementRange(from, to);
        if (last > count) throw new RangeError('a list ends behind the last element');
        const values = elements === null || first >= last ? [] : elements.read(first, last);
        const lists = new Array<Value>(to - from);
        for (let at = from; at < to; at += 1) {
          const start = (words[4 * at] as number) - first;
          const length = words[4 * at + 2] as number;
          lists[at - from] = isNull(nulls, at) ? null : length === 0 ? [] : values.slice(start, start + length);
        }
        return lists;
      },
    };
  };
