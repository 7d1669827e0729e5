import type { Json } from '../../../lib/contract/json.ts';
import type {
  ExecutionOptions,
  ExecutionResult,
  HistoryEvent,
  RunningExecution,
} from '../../../lib/offline/asl/api.ts';
import { loadMachine } from '../../../lib/offline/asl/load-machine.ts';
import { startExecution } from '../../../lib/offline/asl/start-execution.ts';
import { VirtualClock } from '../../../lib/offline/asl/virtual-clock.ts';

/** An execution with everything that tests look at. */
export interface Started extends RunningExecution {
  readonly clock: VirtualClock;
  readonly events: readonly HistoryEvent[];
  /** Types of the events so far. */
  readonly types: () => string[];
  /** Lets virtual time pass until the end. */
  readonly finish: () => Promise<ExecutionResult>;
}

/** Options that a test may leave out. */
export type Given = Partial<ExecutionOptions> & { readonly clock?: VirtualClock };

/** Starts a definition on a virtual clock with no chance and no tasks, unless `given` says otherwise. */
export function start(definition: unknown, given: Given = {}): Started {
  const clock = given.clock ?? new VirtualClock();
  const events: HistoryEvent[] = [];
  const running = startExecution(loadMachine(definition), {
    arn: 'arn:aws:states:eu-central-1:123456789012:execution:machine:one',
    name: 'one',
    input: {},
    random: () => 0.5,
    runTask: () => Promise.reject(new Error('this test has no tasks')),
    onEvent: (event) => events.push(event),
    ...given,
    clock,
  });
  return {
    ...running,
    clock,
    events,
    types: () => events.map((event) => event.type),
    finish: () => clock.run(running.result),
  };
}

/** Runs a definition to its end. */
export function run(definition: unknown, given: Given = {}): Promise<ExecutionResult> {
  return start(definition, given).finish();
}

/** A machine in JSONata of the given states, starting at the first. */
export function machine(states: Record<string, Json>, more: Record<string, Json> = {}): Json {
  return {
    QueryLanguage: 'JSONata',
    StartAt: Object.keys(states)[0] ?? '',
    States: states,
    ...more,
  };
}

/** A Task state on `lambda:invoke`. */
export function task(more: Record<string, Json> = {}): Json {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    ...('Next' in more ? {} : { End: true }),
    ...more,
  };
}
