import type { Json } from '../../contract/json.ts';
import type { Branch } from './branch.ts';
import type { StateGraph } from './machine.ts';

/** The position of a thread: the next state and its input. Without a state, the thread has ended with this output. */
export interface Position {
  readonly state: string | null;
  readonly value: Json;
}

/** Restores a thread from the journal: its variables and its position, without events and without work. */
export function replay(graph: StateGraph, branch: Branch, input: Json): Position {
  let position: Position = { state: graph.startAt, value: input };
  while (position.state !== null) {
    const exit = branch.execution.journal.exit(branch.visit);
    if (exit === null) return position;
    if (exit.state !== position.state) {
      throw new Error(
        `the journal is not of this machine: visit ${exit.visit} is of ${exit.state}, not ${position.state}`,
      );
    }
    branch.variables = { ...branch.variables, ...exit.assigned };
    branch.visits += 1;
    position = { state: exit.next, value: exit.output };
  }
  return position;
}
