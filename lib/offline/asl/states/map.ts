import type { Json } from '../../../contract/json.ts';
import type { Branch, MapItem } from '../branch.ts';
import { checkSize, mostIterations } from '../limits.ts';
import { readProcessor } from '../load/read-processor.ts';
import type { StateReader } from '../load/state-reader.ts';
import type { State, StateGraph } from '../machine.ts';
import { type OpenThreads, openThreads } from '../open-threads.ts';
import type { Payload } from '../payload.ts';
import { replay } from '../replay.ts';
import { runGraph } from '../run-graph.ts';
import { EvaluationFailure, StateFailure } from '../state-failure.ts';
import type { Visit } from '../visit.ts';
import { concurrently } from './concurrently.ts';

interface Fields {
  readonly items: Payload | null;
  readonly selector: Payload | null;
  readonly concurrency: Payload | null;
  readonly toleratedCount: Payload | null;
  readonly toleratedPercentage: Payload | null;
  readonly processor: StateGraph;
}

const distributed = 'belongs to the Distributed Map, which is not implemented';

/** An inline Map state: its processor once per item; its result is the list of the outputs of those that succeeded. */
export function readMap(reader: StateReader): State {
  for (const field of ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label']) reader.refuse(field, distributed);
  reader.refuse('Iterator', 'is the old name of ItemProcessor');
  const fields: Fields = {
    items: reader.items('Items'),
    selector: reader.payload('ItemSelector'),
    concurrency: reader.integer('MaxConcurrency', { least: 0, most: Number.MAX_SAFE_INTEGER }),
    toleratedCount: reader.integer('ToleratedFailureCount', { least: 0, most: Number.MAX_SAFE_INTEGER }),
    toleratedPercentage: reader.number('ToleratedFailurePercentage', { least: 0, most: 100 }),
    processor: readProcessor(reader),
  };
  const exit = reader.exit();
  return {
    ...reader.common('Map'),
    async run(visit) {
      const result = await iterate(visit, fields);
      return visit.leave(exit, result, { result });
    },
  };
}

const iterate = async (visit: Visit, fields: Fields): Promise<Json> => {
  const threads = await openThreads(visit, async () => [...(await itemsOf(visit, fields.items))]);
  const items = threads.given as readonly Json[];
  const width = (await numberOf(visit, fields.concurrency, 'MaxConcurrency', Number.MAX_SAFE_INTEGER)) ?? 0;
  const tolerated = await toleratedFailures(visit, fields, items.length);
  visit.emit('MapStateStarted', { length: items.length });
  const pool = new Iterations(visit, fields, threads, tolerated);
  await pool.run(width === 0 ? mostIterations : Math.min(width, mostIterations));
  const result = pool.outputs();
  checkSize(result, `The result of state '${visit.state.name}'`);
  visit.emit('MapStateSucceeded');
  return result;
};

/** Processes the items in their order, as many at a time as MaxConcurrency allows. */
class Iterations {
  readonly #visit: Visit;
  readonly #fields: Fields;
  readonly #threads: OpenThreads;
  readonly #items: readonly Json[];
  readonly #tolerated: number | null;
  readonly #outputs = new Map<number, Json>();
  readonly #running = new Set<Iteration>();
  /** Indices of the items to work through; all but the first `#begun` are still waiting. */
  #due: readonly number[] = [];
  #begun = 0;
  #failed = 0;

  constructor(visit: Visit, fields: Fields, threads: OpenThreads, tolerated: number | null) {
    this.#visit = visit;
    this.#fields = fields;
    this.#threads = threads;
    this.#items = threads.given as readonly Json[];
    this.#tolerated = tolerated;
  }

  outputs(): Json[] {
    return [...this.#outputs].sort(([a], [b]) => a - b).map(([, output]) => output);
  }

  async run(width: number): Promise<void> {
    this.#due = this.#items.map((_, index) => index).filter((index) => !this.#hasEnded(index));
    const open = (signal: AbortSignal): (() => Promise<void>)[] => {
      const lanes = this.#due.slice(0, width).map(() => this.#start(signal));
      return lanes.map((first) => () => this.#work(first, signal));
    };
    await concurrently(this.#visit, open, () => this.#recordAborted());
  }

  /** Takes over the output of an iteration that succeeded before a redrive. */
  #hasEnded(index: number): boolean {
    const { branch } = this.#visit;
    const thread = branch.inner(branch.signal, this.#threads.pathOf(index));
    const { state, value } = replay(this.#fields.processor, thread, null);
    if (state !== null) return false;
    this.#outputs.set(index, value);
    return true;
  }

  #start(signal: AbortSignal): Iteration {
    const index = this.#due[this.#begun] ?? 0;
    this.#begun += 1;
    const item = { Index: index, Value: this.#items[index] ?? null };
    const branch = this.#visit.branch.inner(signal, this.#threads.pathOf(index), item);
    const { name } = this.#visit.state;
    const about = { state: name, details: { name, index: item.Index } };
    this.#visit.branch.execution.history.add(branch, 'MapIterationStarted', about);
    const iteration = { item, branch, about };
    this.#running.add(iteration);
    return iteration;
  }

  /** One lane: it processes one item after the other, until none is left. */
  async #work(first: Iteration, signal: AbortSignal): Promise<void> {
    let iteration = first;
    for (;;) {
      await this.#iterate(iteration);
      if (this.#begun >= this.#due.length) return;
      signal.throwIfAborted();
      iteration = this.#start(signal);
    }
  }

  async #iterate(iteration: Iteration): Promise<void> {
    const { item, branch, about } = iteration;
    const { selector, processor } = this.#fields;
    try {
      const input = selector === null ? item.Value : await this.#visit.evaluate(selector, { item });
      this.#outputs.set(item.Index, await runGraph(processor, branch, input));
      this.#running.delete(iteration);
      branch.addAside('MapIterationSucceeded', about);
    } catch (failure) {
      if (branch.signal.aborted || !(failure instanceof StateFailure)) throw failure;
      this.#running.delete(iteration);
      branch.addAside('MapIterationFailed', about);
      branch.recordAborted();
      this.#fail(failure);
    } finally {
      branch.join();
    }
  }

  /** Swallows a failure that is tolerated. */
  #fail(failure: StateFailure): void {
    this.#failed += 1;
    if (this.#tolerated === null) throw failure;
    if (this.#failed <= this.#tolerated) return;
    throw new StateFailure(
      'States.ExceedToleratedFailureThreshold',
      'The specified tolerated failure threshold was exceeded.',
    );
  }

  #recordAborted(): void {
    for (const { branch, about } of this.#running) {
      branch.addAside('MapIterationAborted', about);
      branch.recordAborted();
    }
  }
}

interface Iteration {
  readonly item: MapItem;
  readonly branch: Branch;
  /** Details for its events. */
  readonly about: { readonly state: string; readonly details: { readonly name: string; readonly index: number } };
}

const itemsOf = async (visit: Visit, payload: Payload | null): Promise<readonly Json[]> => {
  const value = payload === null ? visit.input : await visit.evaluate(payload);
  if (Array.isArray(value)) return value;
  throw new EvaluationFailure('Items', `The field 'Items' must be an array, not ${JSON.stringify(value)}.`);
};

/** The number of iterations that may fail; null if the state sets no tolerance, so none may. */
const toleratedFailures = async (visit: Visit, fields: Fields, length: number): Promise<number | null> => {
  const count = await numberOf(visit, fields.toleratedCount, 'ToleratedFailureCount', Number.MAX_SAFE_INTEGER);
  const percentage = await numberOf(visit, fields.toleratedPercentage, 'ToleratedFailurePercentage', 100);
  const bounds = [count, percentage === null ? null : Math.floor((percentage * length) / 100)];
  const given = bounds.filter((bound) => bound !== null);
  return given.length === 0 || Math.min(...given) === 0 ? null : Math.min(...given);
};

const numberOf = async (visit: Visit, payload: Payload | null, field: string, most: number): Promise<number | null> => {
  if (payload === null) return null;
  const value = await visit.evaluate(payload);
  const whole = field === 'ToleratedFailurePercentage' || Number.isInteger(value);
  if (typeof value === 'number' && whole && value >= 0 && value <= most) return value;
  throw new EvaluationFailure(
    field,
    `The field '${field}' must be a number from 0 to ${most}, not ${JSON.stringify(value)}.`,
  );
};
