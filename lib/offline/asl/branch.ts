import type { Json, JsonObject } from '../../contract/json.ts';
import type { Execution } from './execution.ts';
import type { EventSource } from './history.ts';
import type { StateType } from './step.ts';

/** The item that a Map's iteration works on, as the context object has it. */
export interface MapItem {
  readonly Index: number;
  readonly Value: Json;
}

/** One thread of control: the machine itself, a branch of a Parallel, or an iteration of a Map. */
export class Branch implements EventSource {
  readonly execution: Execution;
  readonly signal: AbortSignal;
  readonly item: MapItem | null;
  /** Prefix of its visits' names. */
  readonly path: string;
  /** The thread whose open state this one belongs to. */
  readonly outer: Branch | null;
  /** All variables that its states can read. States replace it, never change it. */
  variables: JsonObject;
  /** The number of visits that it has begun, or found in the journal. */
  visits = 0;
  lastEvent: number;
  /** The state that was entered and not left. */
  open: { readonly name: string; readonly type: StateType } | null = null;

  constructor(execution: Execution, signal: AbortSignal, from: BranchStart) {
    this.execution = execution;
    this.signal = signal;
    this.item = from.item;
    this.path = from.path;
    this.outer = from.outer;
    this.variables = from.variables;
    this.lastEvent = from.lastEvent;
  }

  /** Makes the surrounding thread's next event follow this one's last; the end of an aborted thread causes no event. */
  join(): void {
    if (this.outer !== null && !this.signal.aborted) this.outer.lastEvent = this.lastEvent;
  }

  /** A thread inside this one's open state. It sees the current variables; its own assignments end with it. */
  inner(signal: AbortSignal, path: string, item: MapItem | null = this.item): Branch {
    const { variables, lastEvent } = this;
    return new Branch(this.execution, signal, { item, path, variables, lastEvent, outer: this });
  }

  /** Name of the visit that is due. */
  get visit(): string {
    return `${this.path}${this.visits}`;
  }

  /** Adds an event that no later one names as its predecessor: the end of a thread, as AWS numbers it. */
  addAside(type: string, about: { readonly state: string; readonly details?: Json }): void {
    this.execution.history.add({ lastEvent: (this.signal.aborted ? this.outer : this)?.lastEvent ?? 0 }, type, about);
  }

  /** Writes that the open state was aborted, for the state types whose abortion AWS records. */
  recordAborted(): void {
    if (this.open === null || !recordedAborts.has(this.open.type)) return;
    this.addAside(`${this.open.type}StateAborted`, { state: this.open.name });
    this.open = null;
  }
}

type BranchStart = Pick<Branch, 'item' | 'path' | 'variables' | 'lastEvent' | 'outer'>;

const recordedAborts: ReadonlySet<StateType> = new Set(['Task', 'Wait', 'Parallel', 'Map']);
