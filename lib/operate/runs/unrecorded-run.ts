import { executionKey, type RunRef } from '../../contract/object-keys.ts';
import type { ExecutionFacts, ObjectStore, StateMachine } from '../../ports/ports.ts';
import { readFailure } from '../../runtime/records/read-failure.ts';
import { RunRefusedError } from './run-refused-error.ts';
import type { RunReport } from './run-report.ts';
import type { StartedRun } from './start-run.ts';
import { pendingStep } from './step-report.ts';

/**
 * The execution that began a deployed run, if Step Functions has it and the store has no execution of the run: Prepare writes the first record some time after
 * the start, and a queued execution waits for its turn before. Null if the run has a record, or if no execution has its name.
 * Throws a RunRefusedError with the reason if the execution ended without a record.
 */
export async function unrecordedRun(
  run: RunRef,
  { machine, store }: { readonly machine: StateMachine; readonly store: ObjectStore },
): Promise<StartedRun | null> {
  const first = executionKey({ ...run, execution: 1 });
  if (await store.get(first)) return null;
  const execution_arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${run.run_id}`;
  const facts = await machine.describe(execution_arn);
  // Prepare may have written the record meanwhile.
  if (facts === null || (await store.get(first))) return null;
  refuseEnded(facts);
  return { run_id: run.run_id, execution_arn, started_at: facts.started_at };
}

/** Throws a RunRefusedError with the reason if an execution without a record has ended. */
export function refuseEnded(facts: ExecutionFacts | null): void {
  if (facts?.status === 'RUNNING') return;
  const refused = facts?.output ? reasonIn(facts.output) : null;
  if (refused !== null) throw new RunRefusedError(refused);
  const { error, cause } = readFailure({ Error: facts?.error ?? undefined, Cause: facts?.cause ?? undefined });
  throw new RunRefusedError(`the execution ended ${facts?.status ?? 'unseen'} before it began: ${error}: ${cause}`);
}

/** The machine of a refused run succeeds, with the reason as its output. */
function reasonIn(output: string): string | null {
  const { refused } = JSON.parse(output) as { readonly refused?: unknown };
  return typeof refused === 'string' ? refused : null;
}

/** The report of a run that has started and has no record yet. */
export function unrecordedReport(
  { run_id, started_at }: StartedRun,
  { name, steps, store }: { readonly name: string; readonly steps: readonly string[]; readonly store: string },
): RunReport {
  return {
    pipeline: name,
    run_id,
    execution: 0,
    status: 'RUNNING',
    started_at,
    ended_at: null,
    input: {},
    failure: null,
    steps: steps.map((step) => pendingStep(step, null, 0)),
    dead_letters: [],
    damaged: [],
    store,
  };
}
