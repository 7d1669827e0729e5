import type { Json } from '../../contract/json.ts';
import type { Expression } from './expression.ts';
import type { Surroundings } from './jsonata-functions.ts';
import { EvaluationFailure } from './state-failure.ts';

/** The data that a state's expressions see. */
export interface Sight {
  /** `$states` and the variables. */
  readonly bindings: Readonly<Record<string, Json>>;
  readonly around: Surroundings;
}

/** A field that may hold JSONata anywhere: JSON whose `{% ... %}` strings are compiled. */
export interface Payload {
  /** True when there is nothing to evaluate. */
  readonly constant: boolean;
  evaluate(sight: Sight): Promise<Json>;
}

/** Compiles expressions; the machine's cache gives equal texts one compiled expression. */
export type Compile = (text: string, path: string) => Expression | null;

const pattern = /^\{%([\s\S]*)%\}$/;

/** The JSONata text of `{% ... %}`, or null for any other string. Spaces before or after make it a plain string, as on AWS. */
export function expressionIn(text: string): string | null {
  return pattern.exec(text)?.[1]?.trim() ?? null;
}

/** Builds the payload of `field` from a definition's JSON. `path` is where the field stands in the definition. */
export function compilePayload(value: Json, field: string, path: string, compile: Compile): Payload {
  if (typeof value === 'string') {
    const text = expressionIn(value);
    const expression = text === null ? null : compile(text, path);
    return expression === null ? constant(value) : evaluated(expression, field);
  }
  if (value === null || typeof value !== 'object') return constant(value);
  if (Array.isArray(value)) {
    const parts = value.map((item, i) => compilePayload(item, `${field}[${i}]`, `${path}[${i}]`, compile));
    return parts.every((part) => part.constant)
      ? constant(value)
      : { constant: false, evaluate: (sight) => inOrder(parts, sight) };
  }
  const keys = Object.keys(value);
  const parts = keys.map((key) => compilePayload(value[key] ?? null, `${field}/${key}`, `${path}/${key}`, compile));
  if (parts.every((part) => part.constant)) return constant(value);
  return {
    constant: false,
    async evaluate(sight) {
      const members = await inOrder(parts, sight);
      return Object.fromEntries(keys.map((key, i) => [key, members[i] ?? null]));
    },
  };
}

const constant = (value: Json): Payload => ({ constant: true, evaluate: () => Promise.resolve(value) });

const evaluated = (expression: Expression, field: string): Payload => ({
  constant: false,
  async evaluate({ bindings, around }) {
    try {
      return await expression.evaluate(bindings, around);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      throw new EvaluationFailure(
        field,
        `The JSONata expression '${expression.text}' specified for the field '${field}' ${what}`,
      );
    }
  },
});

/** One after the other: parallel evaluation would make the order of errors and of random numbers depend on their length. */
const inOrder = async (parts: readonly Payload[], sight: Sight): Promise<Json[]> => {
  const values: Json[] = [];
  for (const part of parts) values.push(await part.evaluate(sight));
  return values;
};
