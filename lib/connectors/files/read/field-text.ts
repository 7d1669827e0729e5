import type { ColumnType } from '../../../columns/column-type.ts';
import { encodeAnyDouble } from '../../../data/encode/encode-scalar.ts';
import { valueEncoder } from '../../../data/encode/encode-value.ts';
import { Misfit } from '../../../data/encode/misfit.ts';
import { ExactNumber } from '../../../exact/exact-number.ts';
import { readExactJson } from '../../../exact/read-json.ts';
import { ReadProblem } from '../../../exact/read-problem.ts';

/** Converts a field that is not null to the CSV text that the dataset's writer takes; throws a Misfit. */
export type FieldText = (value: unknown) => string;

const whole = /^[+-]?\d+$/;
const real = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const truths: ReadonlyMap<string, boolean> = new Map(
  Object.entries({
    true: true,
    t: true,
    '1': true,
    false: false,
    f: false,
    '0': false,
  }),
);

/** Converts a value as JSON has it. */
export function fromJson(type: ColumnType): FieldText {
  const encode = valueEncoder(type);
  if (type.kind === 'VARCHAR') {
    return (value) => {
      encode(value);
      return value as string;
    };
  }
  if (type.kind === 'LIST' || type.kind === 'STRUCT') return encode;
  return (value) => plain(encode(value));
}

/** Converts a value as `step.rows` has it, from a file in which DOUBLE may be NaN or infinite. */
export function fromStored(type: ColumnType): FieldText {
  if (type.kind === 'VARCHAR') return fromJson(type);
  const encode = valueEncoder(type, encodeAnyDouble);
  return type.kind === 'LIST' || type.kind === 'STRUCT' ? encode : (value) => plain(encode(value));
}

/** Converts the text between the delimiters of a CSV file. */
export function fromText(type: ColumnType): FieldText {
  const { kind } = type;
  const encode = fromJson(type);
  const asText = (value: unknown): string => value as string;
  if (kind === 'INTEGER' || kind === 'BIGINT') {
    return (value) => {
      if (!whole.test(asText(value))) throw new Misfit('it is not an integer', value);
      return encode(BigInt(asText(value).replace('+', '')));
    };
  }
  if (kind === 'DOUBLE') {
    return (value) => {
      if (!real.test(asText(value))) throw new Misfit('it is not a number', value);
      const number = Number(value);
      if (number === 0 && /^[^e]*[1-9]/i.test(asText(value))) throw new Misfit('it is too small', value);
      return encode(Number.isFinite(number) ? new ExactNumber(asText(value)) : number);
    };
  }
  if (kind === 'BOOLEAN') {
    return (value) => {
      const truth = truths.get(asText(value).toLowerCase());
      if (truth === undefined) throw new Misfit('it is not true or false', value);
      return String(truth);
    };
  }
  if (kind === 'LIST' || kind === 'STRUCT') {
    return (value) => {
      try {
        return encode(readExactJson(asText(value)));
      } catch (error) {
        throw error instanceof ReadProblem ? new Misfit(`it cannot be read as JSON: ${error.reason}`, value) : error;
      }
    };
  }
  return encode;
}

/** Encoders write JSON: texts in quotes, and moments with T and Z. The writer's CSV has a blank for T and no Z. */
const plain = (json: string): string => {
  const text = json.startsWith('"') ? json.slice(1, -1) : json;
  return /^\d{4}-\d\d-\d\dT.*Z$/.test(text) ? `${text.slice(0, 10)} ${text.slice(11, -1)}` : text;
};
