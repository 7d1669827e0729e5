import type { Json } from '../../contract/json.ts';
import { checkSize } from '../limits.ts';
import { readGraph } from '../load/read-graph.ts';
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
    .map((value, index) =>
      readGraph(reader.machine, { value, path: `${reader.path}/Branches[${index}]` }, reader.innerScope()),
    );
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
  await concurrently(
    visit,
    (signal) =>
      branches.map((graph, index) => {
        const branch = visit.branch.inner(signal);
        const run = async (): Promise<void> => {
          outputs[index] = await runGraph(graph, branch, input);
        };
        return { branch, run };
      }),
    (threads) => {
      for (const thread of threads) thread.recordAborted();
    },
  );
  checkSize(outputs, `The result of state '${visit.state.name}'`);
  visit.emit('ParallelStateSucceeded');
  return outputs;
};
