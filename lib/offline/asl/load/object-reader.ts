import { isObject, type Json, type JsonObject } from '../../../contract/json.ts';
import { compilePayload, expressionIn, type Payload } from '../payload.ts';
import { type MachineReader, shown } from './machine-reader.ts';
import type { Scope } from './scope.ts';

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Reads the fields of one object of a definition. Reports their mistakes, and at the end the unknown fields. */
export class ObjectReader {
  readonly machine: MachineReader;
  readonly path: string;
  readonly scope: Scope;
  readonly #fields: JsonObject;
  readonly #asked = new Set<string>();
  /** The name of this object in evaluation errors: `Choices[0]/`; empty for a state. */
  readonly #label: string;

  constructor(machine: MachineReader, place: { value: Json; path: string; label?: string; scope: Scope }) {
    this.machine = machine;
    this.path = place.path;
    this.scope = place.scope;
    this.#label = place.label ?? '';
    if (!isObject(place.value)) machine.complain(place.path, `must be an object, not ${shown(place.value)}`);
    this.#fields = isObject(place.value) ? place.value : {};
  }

  complain(message: string, field?: string): void {
    this.machine.complain(field === undefined ? this.path : `${this.path}/${field}`, message);
  }

  /** The raw field; undefined when it is absent. */
  raw(field: string): Json | undefined {
    this.#asked.add(field);
    return Object.hasOwn(this.#fields, field) ? this.#fields[field] : undefined;
  }

  refuse(field: string, why: string): void {
    if (this.raw(field) !== undefined) this.complain(why, field);
  }

  /** Reports fields that were never read. */
  finish(alsoAllowed: readonly string[] = []): void {
    for (const field of Object.keys(this.#fields)) {
      if (this.#asked.has(field) || alsoAllowed.includes(field)) continue;
      this.complain(
        jsonPathFields.has(field)
          ? `${field} is a field of JSONPath; only JSONata is implemented`
          : 'is not a field here',
        field,
      );
    }
  }

  string(field: string): string | null {
    const value = this.raw(field);
    if (typeof value === 'string' && value !== '') return value;
    this.complain(value === undefined ? 'is missing' : `must be a string, not ${shown(value)}`, field);
    return null;
  }

  list(field: string, { least }: { readonly least: number }): Json[] {
    const value = this.raw(field);
    if (Array.isArray(value) && value.length >= least) return value;
    this.complain(
      value === undefined ? 'is missing' : `must be a list of at least ${least}, not ${shown(value)}`,
      field,
    );
    return [];
  }

  /** Any JSON, with expressions in it. */
  payload(field: string): Payload | null {
    const value = this.raw(field);
    return value === undefined ? null : this.#compile(field, value);
  }

  /** A string, or an expression that gives one. */
  text(field: string, check: (text: string) => string | null = () => null): Payload | null {
    return this.#checked(field, (value) => (typeof value === 'string' ? check(value) : 'must be a string'));
  }

  integer(field: string, bounds: Bounds): Payload | null {
    return this.#checked(field, (value) =>
      Number.isInteger(value) ? outside(value as number, bounds) : 'must be a whole number or a JSONata expression',
    );
  }

  number(field: string, bounds: Bounds): Payload | null {
    return this.#checked(field, (value) =>
      typeof value === 'number' ? outside(value, bounds) : 'must be a number or a JSONata expression',
    );
  }

  /** A list, or an expression that gives one. */
  items(field: string): Payload | null {
    return this.#checked(field, (value) => (Array.isArray(value) ? null : 'must be a list or a JSONata expression'));
  }

  /** true, false, or an expression that gives one of them. */
  condition(field: string): Payload {
    const payload = this.#checked(field, (value) =>
      typeof value === 'boolean' ? null : 'must be true, false or a JSONata expression',
    );
    if (payload === null) this.complain('is missing', field);
    return payload ?? this.#compile(field, false);
  }

  /** A whole number; an expression is not allowed. */
  plainInteger(field: string, bounds: Bounds, otherwise: number): number {
    const value = this.raw(field);
    if (value === undefined) return otherwise;
    const wrong = Number.isInteger(value) ? outside(value as number, bounds) : 'must be a whole number';
    if (wrong !== null) this.complain(`${wrong}, not ${shown(value)}`, field);
    return value as number;
  }

  /** The variables that Assign sets; the scope learns their names. */
  assign(): Payload | null {
    const value = this.raw('Assign');
    if (value === undefined) return null;
    if (!isObject(value)) {
      this.complain('must be an object of variable names and values', 'Assign');
      return null;
    }
    for (const name of Object.keys(value)) this.scope.assign(name, `${this.path}/Assign/${name}`);
    return this.#compile('Assign', value);
  }

  /** The name of a state in the same graph. */
  target(field: string): string {
    const name = this.string(field) ?? '';
    if (name !== '') this.scope.goTo(name, `${this.path}/${field}`);
    return name;
  }

  optionalTarget(field: string): string | null {
    return this.raw(field) === undefined ? null : this.target(field);
  }

  #checked(field: string, wrong: (value: Json) => string | null): Payload | null {
    const value = this.raw(field);
    if (value === undefined) return null;
    const dynamic = typeof value === 'string' && expressionIn(value) !== null;
    const message = dynamic ? null : wrong(value);
    if (message !== null) this.complain(`${message}, not ${shown(value)}`, field);
    return this.#compile(field, value);
  }

  #compile(field: string, value: Json): Payload {
    return compilePayload(value, `${this.#label}${field}`, `${this.path}/${field}`, this.machine.compile);
  }
}

const outside = (value: number, { least, most }: Bounds): string | null =>
  value >= least && value <= most ? null : `must be from ${least} to ${most}`;

const jsonPathFields: ReadonlySet<string> = new Set([
  ...['InputPath', 'OutputPath', 'ResultPath', 'Parameters', 'Result', 'ResultSelector', 'ItemsPath', 'Variable'],
  ...['SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath', 'MaxConcurrencyPath'],
  ...['ErrorPath', 'CausePath', 'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath', 'And', 'Or', 'Not'],
]);
