import type { Json } from '../../contract/json.ts';
import type { Branch } from './branch.ts';
import type { StateGraph } from './machine.ts';
import { replay } from './replay.ts';
import { visitState } from './visit-state.ts';

/** Runs states from the graph's entry, or where the journal left the thread, to an end and gives the last one's output. Rejects with a StateFailure, or with the branch's reason when it is aborted. */
export async function runGraph(graph: StateGraph, branch: Branch, input: Json): Promise<Json> {
  let at = replay(graph, branch, input);
  while (at.state !== null) {
    branch.signal.throwIfAborted();
    const state = graph.states.get(at.state);
    if (state === undefined) throw new Error(`the loader let a transition to ${at.state} pass`);
    const step = await visitState(state, branch, at.value);
    at = { state: step.next, value: step.output };
  }
  return at.value;
}
