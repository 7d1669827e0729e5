import type { Json } from '../../../contract/json.ts';
import type { State, StateGraph } from '../machine.ts';
import type { Exit, StateType } from '../step.ts';
import type { MachineReader } from './machine-reader.ts';
import { ObjectReader } from './object-reader.ts';
import { readCatchers, readRetriers } from './read-handlers.ts';
import type { Scope } from './scope.ts';

/** A graph's fields in a definition, and their path. */
interface GraphSource {
  readonly value: Json;
  readonly path: string;
  /** Fields besides StartAt, States and Comment that belong to the graph's owner. */
  readonly otherFields: readonly string[];
}

/** Reads a graph; handed down to the states, which may hold graphs themselves. */
export type ReadGraph = (machine: MachineReader, source: GraphSource, scope: Scope) => StateGraph;

/** A state in a definition. */
export interface StateSource {
  readonly name: string;
  readonly value: Json;
  readonly path: string;
  readonly scope: Scope;
  readonly readGraph: ReadGraph;
}

/** Reads the fields of one state. Each state type asks for its own, in its file under `states/`. */
export class StateReader extends ObjectReader {
  readonly name: string;
  readonly #scopes: Scope[] = [];
  readonly #readGraph: ReadGraph;

  constructor(machine: MachineReader, source: StateSource) {
    super(machine, source);
    this.name = source.name;
    this.#readGraph = source.readGraph;
  }

  /** Scopes of the graphs inside this state. */
  get innerScopes(): readonly Scope[] {
    return this.#scopes;
  }

  /** A graph inside the state. `label` is its path from the state on: `Branches[0]`. */
  graph(value: Json, label: string, otherFields: readonly string[] = []): StateGraph {
    const scope = this.scope.inner(this.path);
    this.#scopes.push(scope);
    return this.#readGraph(this.machine, { value, path: `${this.path}/${label}`, otherFields }, scope);
  }

  /** An object inside the state. `label` is its path from the state on: `Choices[0]`. */
  object(value: Json, label: string): ObjectReader {
    return new ObjectReader(this.machine, {
      value,
      path: `${this.path}/${label}`,
      label: `${label}/`,
      scope: this.scope,
    });
  }

  /** Next or End, Assign and Output. */
  exit(): Exit {
    const next = this.optionalTarget('Next');
    const end = this.raw('End');
    if (end !== undefined && end !== true) this.complain('must be true, or be left out', 'End');
    if ((next !== null) === (end === true)) this.complain('needs exactly one of Next and End');
    return { next, assign: this.assign(), output: this.payload('Output') };
  }

  /** Fields that all states have. Retry and Catch are fields of those that can fail and be tried again. */
  common(type: StateType): Omit<State, 'run'> {
    const handled = type === 'Task' || type === 'Parallel' || type === 'Map';
    const common = {
      name: this.name,
      type,
      retriers: handled ? readRetriers(this) : [],
      catchers: handled ? readCatchers(this) : [],
    };
    this.finish(['Type', 'Comment', 'QueryLanguage']);
    return common;
  }
}
