/** A field of a struct in Thrift's compact protocol, by its position in the bytes. */
export interface ThriftField {
  readonly id: number;
  readonly type: number;
  /** Index of the first byte of its header. */
  readonly header: number;
  /** Index of its value's first byte. */
  readonly value: number;
  /** Index just behind its value. */
  readonly end: number;
}

const [boolTrue, boolFalse, byte, double, binary, list, set, map, struct] = [1, 2, 3, 7, 8, 9, 10, 11, 12];

/** The fields of the struct at an index, and the index behind the struct. Throws a RangeError if the bytes end too early. */
export function structFields(bytes: Buffer, start: number): { readonly fields: ThriftField[]; readonly end: number } {
  const fields: ThriftField[] = [];
  let id = 0;
  for (let at = start; ; ) {
    const header = at;
    const { type, size: delta } = smallHeader(bytes, at);
    at += 1;
    if (type === 0) return { fields, end: at };
    if (delta === 0) {
      const long = varint(bytes, at);
      id = long.value % 2 === 0 ? long.value / 2 : -(long.value + 1) / 2;
      at = long.end;
    } else id += delta;
    const end = type === boolTrue || type === boolFalse ? at : valueEnd(bytes, at, type);
    fields.push({ id, type, header, value: at, end });
    at = end;
  }
}

/** The index of each item in the list of structs at an index. */
export function structItems(bytes: Buffer, start: number): number[] {
  const { size, end } = listHeader(bytes, start);
  const items: number[] = [];
  for (let at = end; items.length < size; at = structFields(bytes, at).end) items.push(at);
  return items;
}

function valueEnd(bytes: Buffer, at: number, type: number): number {
  if (type === boolTrue || type === boolFalse || type === byte) return at + 1;
  if (type === double) return at + 8;
  if (type === struct) return structFields(bytes, at).end;
  if (type === list || type === set) {
    const { size, element, end } = listHeader(bytes, at);
    return valuesEnd(bytes, end, Array<number>(size).fill(element));
  }
  const { value, end } = varint(bytes, at);
  if (type === binary) return end + value;
  if (type !== map) return end;
  const { type: valueType, size: keyType } = value === 0 ? { type: 0, size: 0 } : smallHeader(bytes, end);
  const types = Array.from({ length: value }, () => [keyType, valueType]).flat();
  return value === 0 ? end : valuesEnd(bytes, end + 1, types);
}

const valuesEnd = (bytes: Buffer, start: number, types: readonly number[]): number =>
  types.reduce((at, type) => valueEnd(bytes, at, type), start);

function listHeader(bytes: Buffer, at: number): { readonly size: number; readonly element: number; end: number } {
  const { type: element, size } = smallHeader(bytes, at);
  if (size < 15) return { size, element, end: at + 1 };
  const long = varint(bytes, at + 1);
  if (long.value > bytes.length) throw new RangeError('a list is longer than the bytes');
  return { size: long.value, element, end: long.end };
}

const smallHeader = (bytes: Buffer, at: number): { readonly type: number; readonly size: number } => {
  const header = bytes.readUInt8(at);
  return { type: header & 15, size: header >>> 4 };
};

function varint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, factor = 1; ; at += 1, factor *= 128) {
    const next = bytes.readUInt8(at);
    value += (next & 127) * factor;
    if (next < 128) return { value, end: at + 1 };
  }
}
