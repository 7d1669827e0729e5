import jsonata from 'jsonata';
import type { Json, JsonObject } from '../../contract/json.ts';
import { mayDeclareMore } from '../template/keys/open-schema.ts';

/** Types that a parameter of a query can have. */
export type ParameterType = 'VARCHAR' | 'INTEGER' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN';

/** The JSONata of a parameter in `{% %}`; null for a value. */
export function expressionOf(value: Json): string | null {
  return typeof value === 'string' ? (/^\s*\{%(.*)%\}\s*$/s.exec(value)?.[1] ?? null) : null;
}

/** The type of a parameter, as far as it is known before a run: of a value, of a field of the input by its schema, and of a fact of the run. */
export function parameterType(value: Json, inputSchema: JsonObject | null): ParameterType | null {
  const expression = expressionOf(value);
  if (expression === null) return typeOfValue(value);
  const [root, ...path] = namesOf(expression) ?? [];
  if (root === 'partition') return path.length === 1 && partitionFacts.includes(path[0] ?? '') ? 'VARCHAR' : null;
  if (root === 'run') return path.length === 1 ? (typesOfRun.get(path[0] ?? '') ?? null) : null;
  return root === 'input' && path.length > 0 ? typeOfField(inputSchema, path) : null;
}

/** The JSON Schema format of a parameter that is a field of the input; a time of the run is one too. Null without one. */
export function parameterFormat(value: Json, inputSchema: JsonObject | null): string | null {
  const expression = expressionOf(value);
  const [root, ...path] = (expression === null ? null : namesOf(expression)) ?? [];
  if (root === 'run') return path[0]?.endsWith('_at') || path[0] === 'scheduled_time' ? 'date-time' : null;
  if (root === 'partition') return path[0] === 'name' ? null : 'date-time';
  const format = root === 'input' ? keyOf(fieldAt(inputSchema, path), 'format') : undefined;
  return typeof format === 'string' ? format : null;
}

export interface UnknownField {
  /** Dotted. */
  readonly field: string;
  /** Fields that are there instead, dotted. */
  readonly known: readonly string[];
}

/** The field of the input that a parameter reads and the schema does not have; null where the schema leaves open what there is. */
export function unknownField(value: Json, inputSchema: JsonObject | null): UnknownField | null {
  const expression = expressionOf(value);
  const [root, ...path] = (expression === null ? null : namesOf(expression)) ?? [];
  let schema: Json | undefined = root === 'input' ? (inputSchema ?? undefined) : undefined;
  for (const [depth, name] of path.entries()) {
    const fields = fieldsOf(schema);
    const dotted = (last: string): string => [...path.slice(0, depth), last].join('.');
    if (fields && !fields.includes(name)) return { field: dotted(name), known: fields.map(dotted) };
    schema = keyOf(keyOf(schema, 'properties'), name);
  }
  return null;
}

const fieldsOf = (schema: Json | undefined): readonly string[] | null => {
  const properties = keyOf(schema, 'properties');
  const open = properties === undefined || mayDeclareMore.some((keyword) => keyOf(schema, keyword) !== undefined);
  return open ? null : Object.keys(properties as JsonObject);
};

/** Names of the steps whose results a parameter reads. */
export function resultsRead(value: Json): readonly string[] {
  const expression = expressionOf(value);
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const [root, name] = isPath(node) ? (node.steps.map(nameOf) as (string | null)[]) : [];
    if (root === 'result' && typeof name === 'string') found.add(name);
    for (const child of Object.values(node)) visit(child);
  };
  if (expression !== null) visit(astOf(expression));
  return [...found];
}

/** Null for what is not JSONata, which has been reported. */
const astOf = (expression: string): object | null => {
  try {
    return jsonata(expression).ast();
  } catch {
    return null;
  }
};

const typeOfValue = (value: Json): ParameterType | null => {
  // As DuckDB has it for a literal.
  if (typeof value === 'number')
    return !Number.isInteger(value) ? 'DOUBLE' : Math.abs(value) < 2 ** 31 ? 'INTEGER' : 'BIGINT';
  if (typeof value === 'boolean') return 'BOOLEAN';
  return typeof value === 'string' ? 'VARCHAR' : null;
};

const partitionFacts: readonly string[] = ['name', 'start', 'end'];

const typesOfRun: ReadonlyMap<string, ParameterType> = new Map(
  Object.entries({
    pipeline: 'VARCHAR',
    run_id: 'VARCHAR',
    execution: 'BIGINT',
    started_at: 'VARCHAR',
    scheduled_time: 'VARCHAR',
  } as const),
);

const typesOfSchemas: Readonly<Record<string, ParameterType>> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
};

const fieldAt = (schema: JsonObject | null, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((at, name) => keyOf(keyOf(at, 'properties'), name), schema ?? undefined);

/** `null` beside another type changes nothing: every type has it. */
const typeOfField = (schema: JsonObject | null, path: readonly string[]): ParameterType | null => {
  const types = [keyOf(fieldAt(schema, path), 'type')].flat().filter((type) => type !== 'null');
  const [type] = types;
  return types.length === 1 && typeof type === 'string' ? (typesOfSchemas[type] ?? null) : null;
};

const keyOf = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? value[key]
    : undefined;

interface Path {
  readonly type: 'path';
  readonly steps: readonly object[];
}

const isPath = (node: object): node is Path =>
  (node as Partial<Path>).type === 'path' && Array.isArray((node as Partial<Path>).steps);

/** `input.range.from` as its names; null for anything that is more than a path. */
const namesOf = (expression: string): string[] | null => {
  const ast = astOf(expression);
  const names = ast !== null && isPath(ast) ? ast.steps.map(nameOf) : [null];
  return names.every((name) => name !== null) ? names : null;
};

const nameOf = (node: object): string | null => {
  const { type, value, ...more } = node as { type?: string; value?: unknown; position?: number };
  const plain = Object.keys(more).every((key) => key === 'position');
  return (type === 'name' || type === 'string') && plain && typeof value === 'string' ? value : null;
};
