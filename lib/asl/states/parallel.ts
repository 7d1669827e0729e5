import type { Json } from '../../contract/json.ts';
import type { Branch } from '../branch.ts';
import { checkSize } from '../limits.ts';
import type { StateReader } from '../load/state-reader.ts';
import type { State, StateGraph } from '../machine.ts';
import { runGraph } from '../run-graph.ts';
import type { Visit } from '../visit.ts';
import { concurrently } from './concurrently.ts';

/** A Parallel state: all branches at once; its result is the list of their outputs. */
export const readParallel = (reader: StateReader): State => {
  const input = reader.payload('Arguments');
  const branches = reader
    .list('Branches', { least: 1 })
    .map((value, index) => reader.graph(value, `Branches[${index}]`));
  const exit = reader.exit();
  return {
    ...reader.common('Parallel'),
    async run(visit) {
      const given = input === null ? visit.input : await visit.evaluate(input);
      const result = await runBranches(visit, branches, given);
      return visit.leave(exit, result, { result });
    },
  };
};

const runBranches = async (visit: Visit, branches: readonly StateGraph[], input: Json): Promise<Json> => {
  visit.emit('ParallelStateStarted');
  const outputs: Json[] = branches.map(() => null);
  let threads: readonly Branch[] = [];
  const runBranch = async (thread: Branch, index: number): Promise<void> => {
    const graph = branches[index];
    if (graph === undefined) return;
    try {
      outputs[index] = await runGraph(graph, thread, input);
    } finally {
      thread.join();
    }
  };
  await concurrently(
    visit,
    (signal) => {
      threads = branches.map(() => visit.branch.inner(signal));
      return threads.map((thread, index) => () => runBranch(thread, index));
    },
    () => {
      for (const thread of threads) thread.recordAborted();
    },
  );
  checkSize(outputs, `The result of state '${visit.state.name}'`);
  visit.emit('ParallelStateSucceeded');
  return outputs;
};
