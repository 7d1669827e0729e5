import { InvalidInputError } from '../../contract/errors.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';
import { readRun } from '../runs/read-run.ts';
import { RunRefusedError } from '../runs/run-refused-error.ts';
import type { RunReport } from '../runs/run-report.ts';
import { isOpen, type LetterState, letterStatesOfRun } from './letter-states.ts';

/** The result of the redrive for one run. */
export interface RunRedrive {
  readonly run_id: string;
  /** Ids of the letters for which the run was resumed, oldest first. */
  readonly dead_letters: readonly string[];
  /**
   * `resumed`: see `status`. `held`: another execution holds the run, or another run has the pipeline's turn. `closed`: nothing was left to do.
   * `unfit`: its input does not fit the schema, so only a resume with another input helps. `failed`: the run could not be resumed. `planned`: it would be resumed (dry run).
   */
  readonly result: 'resumed' | 'held' | 'closed' | 'unfit' | 'failed' | 'planned';
  /** Status of the latest execution of a resumed run. */
  readonly status: RunReport['status'] | null;
  readonly execution: number | null;
  /** The reason why the run is `held`, `unfit` or `failed`. */
  readonly reason: string | null;
  /** Ids of those letters that are still open. */
  readonly open: readonly string[];
}

export interface RedriveOptions {
  readonly pipeline: string;
  readonly store: ObjectStore;
  readonly executions: Executions;
  readonly dryRun: boolean;
  /** Fires when no further run may be resumed. */
  readonly signal: AbortSignal;
  /** Resumes a run and waits for its end. */
  readonly resume: (runId: string) => Promise<RunReport>;
  /** The reason if a run cannot be resumed and the other runs may continue. */
  readonly explain: (error: unknown) => string | null;
}

/**
 * Resumes the runs of these letters, each once, one after the other; the run with the oldest letter goes first. Leaves a run alone that another execution
 * holds.
 * So redriving the same letters twice, or at the same time, does nothing twice.
 */
export async function redriveLetters(letters: readonly LetterState[], options: RedriveOptions): Promise<RunRedrive[]> {
  const byRun = Map.groupBy(
    letters.map(({ letter }) => letter),
    ({ run_id }) => run_id,
  );
  const done: RunRedrive[] = [];
  for (const [runId, own] of byRun) {
    if (options.signal.aborted) break;
    done.push(await redriveRun(runId, own, options));
  }
  return done;
}

async function redriveRun(runId: string, letters: readonly DeadLetter[], options: RedriveOptions): Promise<RunRedrive> {
  const ids = letters.map(({ id }) => id);
  const none = { run_id: runId, dead_letters: ids, status: null, execution: null, reason: null };
  const open = await openOf(ids, runId, options);
  if (open.length === 0) return { ...none, result: 'closed', open };
  const before = await readRun(options.store, { name: options.pipeline, steps: [] }, runId, options.executions);
  if (before?.status === 'RUNNING')
    return { ...none, result: 'held', open, reason: `execution ${before.execution} of the run is still going` };
  if (options.dryRun) return { ...none, result: 'planned', open };
  try {
    const { status, execution } = await options.resume(runId);
    return { ...none, result: 'resumed', status, execution, open: await openOf(ids, runId, options) };
  } catch (error) {
    if (error instanceof InvalidInputError)
      return {
        ...none,
        result: 'unfit',
        open,
        reason: wayOut(error, open, { pipeline: options.pipeline, run_id: runId }),
      };
    if (error instanceof RunRefusedError) return { ...none, result: 'held', open, reason: error.message };
    const reason = options.explain(error);
    if (reason === null) throw error;
    return { ...none, result: 'failed', open, reason };
  }
}

/** A run with such an input fails again each time it is redriven: a person has to give it another, or give it up. */
function wayOut({ message }: InvalidInputError, open: readonly string[], { pipeline, run_id }: RunRef): string {
  const ids = open.map((id) => id.slice(pipeline.length + 1)).join(' ');
  return [
    message,
    `With another input: npx daybreak resume ${pipeline} ${run_id} --input @input.json`,
    `To give it up: npx daybreak dlq dismiss ${pipeline} ${ids} --reason "wrong input"`,
  ].join('\n');
}

/** The open letters of the steps of these ids. Read again for every run: meanwhile someone else may have repaired the step, or it may have failed again. */
async function openOf(
  ids: readonly string[],
  runId: string,
  { store, pipeline }: RedriveOptions,
): Promise<readonly string[]> {
  const states = await letterStatesOfRun(store, { pipeline, run_id: runId });
  const steps = new Set(states.filter(({ letter }) => ids.includes(letter.id)).map(({ letter }) => letter.step));
  return states.filter((state) => isOpen(state) && steps.has(state.letter.step)).map(({ letter }) => letter.id);
}
