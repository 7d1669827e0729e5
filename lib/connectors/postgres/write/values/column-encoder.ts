import type { ServerType } from '../../server-type.ts';
import { bitEncoder, booleanEncoder, bytesEncoder } from './encode-bytes.ts';
import { jsonEncoder, jsonTextEncoder } from './encode-json.ts';
import { listEncoder } from './encode-list.ts';
import { intervalEncoder, momentEncoder } from './encode-moment.ts';
import { doubleEncoder, floatEncoder, integerEncoder, numericEncoder } from './encode-number.ts';
import { moneyEncoder, parsedEncoder, shownEncoder, textEncoder } from './encode-text.ts';
import type { Encoder } from './encoder.ts';

type Make = (type: ServerType) => Encoder;

const rows: readonly (readonly [names: string, make: Make])[] = [
  ['int2 int4 int8 oid', integerEncoder],
  ['numeric', numericEncoder],
  ['float8', () => doubleEncoder],
  ['float4', () => floatEncoder],
  ['bool', () => booleanEncoder],
  ['date time timetz timestamp timestamptz', momentEncoder],
  ['interval', intervalEncoder],
  ['text varchar bpchar name citext', textEncoder],
  ['jsonb', () => jsonEncoder],
  ['json', () => jsonTextEncoder],
  ['bytea', () => bytesEncoder],
  ['bit varbit', bitEncoder],
  ['money', () => moneyEncoder],
  ['uuid inet cidr macaddr macaddr8 xml enum tsquery jsonpath pg_lsn', () => parsedEncoder],
];

const makers: ReadonlyMap<string, Make> = new Map(
  rows.flatMap(([names, make]) => names.split(' ').map((name) => [name, make] as const)),
);

/** The encoder of a column's type. Types that are not in the table are sent as text, and the server must return the same text. */
export function columnEncoder(type: ServerType): Encoder {
  const { element, name } = type;
  if (element !== null) {
    const isJson = element.name === 'json' || element.name === 'jsonb';
    return listEncoder(columnEncoder(element), { delimiter: element.name === 'box' ? ';' : ',', isJson });
  }
  return (makers.get(name) ?? (() => shownEncoder))(type);
}
