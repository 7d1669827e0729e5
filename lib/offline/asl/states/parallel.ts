import type { Json } from '../../../contract/json.ts';
import type { Branch } from '../branch.ts';
import { checkSize } from '../limits.ts';
import type { StateReader } from '../load/state-reader.ts';
import type { State, StateGraph } from '../machine.ts';
import { type OpenThreads, openThreads } from '../open-threads.ts';
import { runGraph } from '../run-graph.ts';
import type { Visit } from '../visit.ts';
import { concurrently } from './concurrently.ts';

/** A Parallel state: all branches at once; its result is the list of their outputs. */
export function readParallel(reader: StateReader): State {
  const input = reader.payload('Arguments');
  const branches = reader
    .list('Branches', { least: 1 })
    .map((value, index) => reader.graph(value, `Branches[${index}]`));
  const exit = reader.exit();
  return {
    ...reader.common('Parallel'),
    async run(visit) {
      const threads = await openThreads(visit, async () => (input === null ? visit.input : visit.evaluate(input)));
      const result = await runBranches(visit, branches, threads);
      return visit.leave(exit, result, { result });
    },
  };
}

const runBranches = async (visit: Visit, branches: readonly StateGraph[], open: OpenThreads): Promise<Json> => {
  visit.emit('ParallelStateStarted');
  const outputs: Json[] = branches.map(() => null);
  let threads: readonly Branch[] = [];
  const runBranch = async (thread: Branch, index: number): Promise<void> => {
    const graph = branches[index];
    if (graph === undefined) return;
    try {
      outputs[index] = await runGraph(graph, thread, open.given);
    } finally {
      thread.join();
    }
  };
  await concurrently(
    visit,
    (signal) => {
      threads = branches.map((_, index) => visit.branch.inner(signal, open.pathOf(index)));
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
