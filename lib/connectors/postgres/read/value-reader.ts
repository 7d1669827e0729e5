import { readExactJson } from '../../../exact/read-json.ts';
import { type ArrayText, readArrayLiteral } from '../array-literal.ts';
import type { ServerType } from '../server-type.ts';

/** Converts the server's text to a value; throws an Error whose message says why it cannot. */
type Reader = (text: string) => unknown;

/** Days of the years 1 to 9999; texts of others (`0044-03-15 BC`, `infinity`) stay unchanged. */
const moment = /^(?<day>\d{4}-\d\d-\d\d) (?<time>\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?<zone>\+00)?$/;

/** ISO 8601 with every digit of the text: three or six after the second. A timestamp without a zone gets none. */
const readMoment: Reader = (text) => {
  const { day, time = '', zone } = moment.exec(text)?.groups ?? {};
  if (day === undefined) return text;
  const [seconds, fraction = ''] = time.split('.');
  const digits = fraction.length > 3 ? fraction.padEnd(6, '0') : fraction.padEnd(3, '0');
  return `${day}T${seconds}.${digits}${zone === undefined ? '' : 'Z'}`;
};

/** Types whose values become something other than their text. Integers of eight bytes and numerics are exact only as text. */
const readers: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    int2: Number,
    int4: Number,
    oid: Number,
    float4: Number,
    float8: Number,
    bool: (text) => text === 't',
    bytea: (text) => Buffer.from(text.slice(2), 'hex'),
    json: readExactJson,
    jsonb: readExactJson,
    timestamp: readMoment,
    timestamptz: readMoment,
  }),
);

/** The reader of a type's values. */
export function valueReader({ name, element }: ServerType): Reader {
  if (element === null) return readers.get(name) ?? String;
  const read = valueReader(element);
  const readList = (list: ArrayText): unknown[] =>
    list.map((item) => (item === null ? null : typeof item === 'string' ? read(item) : readList(item)));
  const delimiter = element.name === 'box' ? ';' : ',';
  return (text) => {
    const list = readArrayLiteral(text, delimiter);
    if (list === null) throw new Error('its indexes do not begin with 1; select its text, or array_to_json of it');
    return readList(list);
  };
}
