/** The parameters of an SQL step: values, or JSONata over the facts that the step knows. */
import { ValidationError } from '../../contract/errors.ts';
import type { Json } from '../../contract/json.ts';
import { DoubleParameter } from '../../duckdb/bind-parameters.ts';
import type { Step } from '../step.ts';

/** An SQL step's `step.config`. */
export interface SqlConfig {
  readonly params?: Readonly<Record<string, Json>>;
  /** The types that the input's schema gives: such a parameter has the same type in every run. */
  readonly types?: Readonly<Record<string, string>>;
}

/** A value as queries take it. */
export type ParameterValue = string | number | bigint | boolean | null | DoubleParameter;

const expression = /^\s*\{%(.*)%\}\s*$/s;

/** The value of every parameter. Parameters without a value, or with one of no SQL type, are a ValidationError that lists them all. */
export async function sqlParameters(step: Step<object, SqlConfig>): Promise<ReadonlyMap<string, ParameterValue>> {
  const violations: string[] = [];
  const values = new Map<string, ParameterValue>();
  for (const [name, given] of Object.entries(step.config.params ?? {})) {
    try {
      const source = typeof given === 'string' ? expression.exec(given)?.[1] : undefined;
      const value = source === undefined ? given : await evaluate(source, step);
      values.set(name, typed(value, step.config.types?.[name]));
    } catch (error) {
      violations.push(`"${name}", ${JSON.stringify(given)}: ${textOf(error)}`);
    }
  }
  if (violations.length > 0) throw new ValidationError('parameters of the queries have no value', violations);
  return values;
}

const evaluate = async (source: string, step: Step<object, SqlConfig>): Promise<unknown> => {
  const { default: jsonata } = await import('jsonata');
  const result = new Proxy(
    {},
    {
      get: (_, name) => resultOf(step, name),
      getOwnPropertyDescriptor(_, name) {
        const value = resultOf(step, name);
        return value === undefined ? value : { value, configurable: true, enumerable: true };
      },
    },
  );
  return jsonata(source).evaluate({ input: step.input, run: step.run, partition: step.run.partition, result });
};

/** Undefined for a step that is no dependency. The compiler has reported those, but JSONata also asks for properties that no template names. */
const resultOf = (step: Step<object, SqlConfig>, name: string | symbol): unknown => {
  try {
    return typeof name === 'string' ? step.result(name) : undefined;
  } catch {
    return undefined;
  }
};

const typed = (value: unknown, type: string | undefined): ParameterValue => {
  if (value === undefined) throw new Error('it has no value; write null for NULL');
  if (typeof value === 'number') {
    if (type === 'DOUBLE') return new DoubleParameter(value);
    return type === 'BIGINT' && Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  throw new Error(
    `it is ${Array.isArray(value) ? 'a list' : `an ${typeof value}`}; a parameter is text, a number, a flag or null`,
  );
};

/** JSONata throws plain objects with a message. */
const textOf = (error: unknown): string => String((error as { message?: unknown } | null)?.message ?? error);
