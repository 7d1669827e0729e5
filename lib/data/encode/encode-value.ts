import type { Column, ColumnType } from '../../columns/column-type.ts';
import { ExactNumber } from '../../exact/exact-number.ts';
import { encodeDecimal } from './encode-decimal.ts';
import { scalarEncoders, type ValueEncoder } from './encode-scalar.ts';
import { Misfit } from './misfit.ts';

/**
 * Returns the encoder of a type. It makes JSON that DuckDB reads as exactly this value of exactly this type. `double` encodes DOUBLE, which must be finite by
 * default.
 */
export function valueEncoder(type: ColumnType, double: ValueEncoder = scalarEncoders.DOUBLE): ValueEncoder {
  if (type.kind === 'DECIMAL') {
    const { precision, scale } = type;
    // A reader would take a JSON number for a double.
    return (value) => `"${encodeDecimal(value, precision, scale)}"`;
  }
  if (type.kind === 'STRUCT') return structEncoder(fieldsEncoder(type.fields, { double, nulls: true }));
  if (type.kind === 'LIST') return listEncoder(valueEncoder(type.element, double));
  return type.kind === 'DOUBLE' ? double : scalarEncoders[type.kind];
}

const listEncoder =
  (element: ValueEncoder): ValueEncoder =>
  (value) => {
    if (!Array.isArray(value)) throw new Misfit('it is not an array', value);
    let text = '[';
    for (let index = 0; index < value.length; index += 1) {
      const each: unknown = value[index];
      if (index > 0) text += ',';
      try {
        text += each === null || each === undefined ? 'null' : element(each);
      } catch (error) {
        throw error instanceof Misfit ? error.within(`[${index}]`) : error;
      }
    }
    return `${text}]`;
  };

const structEncoder =
  (encode: ReturnType<typeof fieldsEncoder>): ValueEncoder =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || isOdd(value))
      throw new Misfit('it is not an object', value);
    return encode(value as Readonly<Record<string, unknown>>, (name, error) => {
      throw error.within(`.${name}`);
    });
  };

/** Objects whose own keys are not their content: each would become a STRUCT of nulls. */
const oddTypes = [ExactNumber, Date, Map, Set, Promise, RegExp, ArrayBuffer] as const;

const isOdd = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return false;
  return ArrayBuffer.isView(value) || oddTypes.some((type) => value instanceof type);
};

type Fields = Readonly<Record<string, unknown>>;

/** Receives a field that does not fit, or that is not declared. */
type OnMisfit = (name: string, misfit: Misfit) => void;

interface FieldsOptions {
  readonly double?: ValueEncoder;
  /** True to write a null or missing field as null; by default the encoder omits it. */
  readonly nulls?: boolean;
}

/** Returns an encoder for an object's declared fields, in their order. Only the object's own fields count. */
export function fieldsEncoder(
  fields: readonly Column[],
  { double, nulls = false }: FieldsOptions = {},
): (object: Fields, onMisfit: OnMisfit) => string {
  const names = fields.map(({ name }) => name);
  const encoders = fields.map(({ name, type }) => ({
    name,
    lead: `${JSON.stringify(name)}:`,
    encode: valueEncoder(type, double),
  }));
  const known = new Set(names);
  const reportUnknown = (object: Fields, keys: readonly string[], onMisfit: OnMisfit): void => {
    for (const key of keys)
      if (!known.has(key)) onMisfit(key, new Misfit(`the field "${key}" is not declared`, object[key]));
  };

  return (object, onMisfit) => {
    // Fast path: nearly every object has exactly the declared fields in their order, with none inherited and none extra.
    const keys = Object.keys(object);
    const plain = areEqual(keys, names);
    if (!plain) reportUnknown(object, keys, onMisfit);
    let text = '{';
    for (const { name, lead, encode } of encoders) {
      const value = plain || Object.hasOwn(object, name) ? object[name] : null;
      const isNull = value === null || value === undefined;
      if (isNull && !nulls) continue;
      try {
        const json = isNull ? 'null' : encode(value);
        text += text.length === 1 ? lead + json : `,${lead}${json}`;
      } catch (error) {
        onMisfit(name, misfitOf(error));
      }
    }
    return `${text}}`;
  };
}

function areEqual(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) if (some[index] !== others[index]) return false;
  return true;
}

/** Throws an error that is no Misfit. */
function misfitOf(error: unknown): Misfit {
  if (error instanceof Misfit) return error;
  throw error;
}
