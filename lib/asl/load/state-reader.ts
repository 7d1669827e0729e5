import type { Json } from '../../contract/json.ts';
import type { Exit, State, StateType } from '../machine.ts';
import type { MachineReader } from './machine-reader.ts';
import { ObjectReader } from './object-reader.ts';
import { readCatchers, readRetriers } from './read-handlers.ts';
import type { Scope } from './scope.ts';

/** Reads one state's fields: what the state types ask for, each in its own file under `states/`. */
export class StateReader extends ObjectReader {
  readonly name: string;
  #scopes: Scope[] = [];

  constructor(machine: MachineReader, place: { name: string; value: Json; path: string; scope: Scope }) {
    super(machine, place);
    this.name = place.name;
  }

  /** Scopes of the graphs inside this state. */
  get innerScopes(): readonly Scope[] {
    return this.#scopes;
  }

  innerScope(): Scope {
    const scope = this.scope.inner();
    this.#scopes.push(scope);
    return scope;
  }

  /** An object inside the state. `label` is its place from the state on: `Choices[0]`. */
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

  /** What all states have. Retry and Catch are fields of those that can fail and be tried again. */
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
