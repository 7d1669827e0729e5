import { open } from 'node:fs/promises';
import { structFields, structItems, type ThriftField } from './thrift-fields.ts';

/** Values of Parquet's Type in the compact protocol: one byte each. */
const [int96, fixedBytes] = [0x06, 0x0e];

/** The field type_length: 12 bytes. */
const typeLength = Buffer.from([0x15, 0x18]);

/**
 * Declares columns of INT96 (moments of old writers, in nanoseconds) as the 12 bytes that they are. DuckDB reads INT96 only to the microsecond and drops the
 * rest. Appends another footer to the file. Throws a RangeError if the footer is invalid.
 */
export async function exposeInt96(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(8);
    await file.read(tail, 0, 8, size - 8);
    const length = tail.readUInt32LE(0);
    if (length > size - 12) throw new RangeError('the footer is longer than the file');
    const footer = Buffer.alloc(length);
    await file.read(footer, 0, length, size - 8 - length);
    const changed = withFixedBytes(footer);
    const end = Buffer.alloc(4);
    end.writeUInt32LE(changed.length);
    await file.write(Buffer.concat([changed, end, Buffer.from('PAR1')]), 0, null, size);
  } finally {
    await file.close();
  }
}

/** A change of the footer: these bytes replace the ones at this place. */
interface Change {
  readonly at: number;
  readonly end: number;
  readonly bytes: Buffer;
}

/**
 * Field numbers: FileMetaData has the schema as field 2 and the row groups as 4. A row group has its column chunks as 1, a chunk has its metadata as 3. The
 * metadata and the elements of the schema have the type as 1.
 */
function withFixedBytes(footer: Buffer): Buffer {
  const changes: Change[] = [];
  const change = (at: number, end: number, bytes: Buffer): void => {
    changes.push({ at, end, bytes });
  };
  const inner = (start: number, id: number): ThriftField | undefined =>
    structFields(footer, start).fields.find((field) => field.id === id);
  const items = (start: number, id: number): number[] => {
    const found = inner(start, id);
    return found === undefined ? [] : structItems(footer, found.value);
  };
  const isInt96 = (type: ThriftField | undefined): type is ThriftField =>
    type !== undefined && footer[type.value] === int96;

  for (const element of items(0, 2)) {
    const { fields } = structFields(footer, element);
    const [type, next] = fields;
    if (type?.id !== 1 || !isInt96(type) || next === undefined) continue;
    change(type.value, type.end, Buffer.concat([Buffer.from([fixedBytes]), typeLength]));
    // A field header counts from the field before it, which is now type_length.
    change(next.header, next.header + 1, Buffer.from([((next.id - 2) << 4) | next.type]));
  }
  for (const group of items(0, 4)) {
    for (const chunk of items(group, 1)) {
      const metadata = inner(chunk, 3);
      const type = metadata && inner(metadata.value, 1);
      if (isInt96(type)) change(type.value, type.end, Buffer.from([fixedBytes]));
    }
  }
  let at = 0;
  const parts = changes.flatMap((one) => {
    const before = footer.subarray(at, one.at);
    at = one.end;
    return [before, one.bytes];
  });
  return Buffer.concat([...parts, footer.subarray(at)]);
}

/**
 * SQL that turns 12 bytes into the text of a moment to the nanosecond. The bytes are the nanoseconds of the day (8 bytes) and the Julian day (4), lowest byte
 * first.
 */
export function int96Text(column: string): string {
  const number = (from: number, to: number): string => {
    const digits = Array.from(
      { length: to - from },
      (_, index) => `substr(hex(${column}), ${2 * (to - index) - 1}, 2)`,
    );
    return `TRY_CAST('0x' || ${digits.join(' || ')} AS BIGINT)`;
  };
  const [nanos, day] = [number(0, 8), number(8, 12)];
  const moment = `make_timestamp((${day} - 2440588) * 86400000000 + ${nanos} // 1000)`;
  const text = `strftime(${moment}, '%Y-%m-%dT%H:%M:%S.%f') || lpad(CAST(${nanos} % 1000 AS VARCHAR), 3, '0') || 'Z'`;
  return `CASE WHEN ${column} IS NOT NULL THEN coalesce(${text}, 'an INT96 that is no moment') END`;
}
