import type { Json } from '../contract/json.ts';
import type { Branch } from './branch.ts';
import type { StateGraph } from './machine.ts';
import { visitState } from './visit-state.ts';

/** Runs states from the graph's entry to an end and gives the last one's output. Rejects with a StateFailure, or with the branch's reason when it is aborted. */
export const runGraph = async (graph: StateGraph, branch: Branch, input: Json): Promise<Json> => {
  let name: string | null = graph.startAt;
  let value = input;
  while (name !== null) {
    branch.signal.throwIfAborted();
    const state = graph.states.get(name);
    if (state === undefined) throw new Error(`the loader let a transition to ${name} pass`);
    const step = await visitState(state, branch, value);
    value = step.output;
    name = step.next;
  }
  return value;
};
