import { dismissalKey, executionEndKey, outcomeKey, type RunRef, wholeExecution } from '../../contract/object-keys.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { Vouching } from '../../contract/records/next.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readVouched } from '../../runtime/manifests/next-record.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import { unlessDamaged } from '../../runtime/records/settle.ts';
import { currentExecution } from '../runs/current-execution.ts';
import { readAllLetters, readDeadLetter } from '../runs/dead-letters.ts';
import { latestLetters, listedLetters, openIndex } from '../runs/pipeline-index.ts';
import { type RunKeys, runKeys } from '../runs/run-keys.ts';

/** Runs that are read at the same time. */
const width = 8;

/** A dead letter and its state. */
export interface LetterState {
  readonly letter: DeadLetter;
  /** Number of the execution that closed the letter: the step succeeded in it, or the run succeeded, with or without the step. Null if there is none. */
  readonly closedBy: number | null;
  /**
   * The reason why the letter is closed: the step succeeded, a person vouched for it, the run succeeded under a pipeline without that step, or a person dismissed the
   * letter. Null if it is not closed.
   */
  readonly closedBecause: 'succeeded' | 'vouched' | 'removed' | 'dismissed' | null;
  /** The person and the reason, if it is closed because of them. */
  readonly vouched: Vouching | null;
  /** Id of a later letter, written when the same step failed again in a later execution; it is now the replay order. Null if there is none. */
  readonly replacedBy: string | null;
}

/** True if a letter is open: each failed step of a run has exactly one open letter. */
export function isOpen({ closedBecause, replacedBy }: LetterState): boolean {
  return closedBecause === null && replacedBy === null;
}

/** Every dead letter of a pipeline in the store, oldest failure first. No record stores whether a letter is open; it follows from the outcomes. `damaged` gets the
 * keys of letters that cannot be read. */
export async function letterStates(
  store: ObjectStore,
  pipeline: string,
  damaged: string[] = [],
): Promise<LetterState[]> {
  const { all } = await listedLetters(await openIndex(store, pipeline));
  const runs = [...new Set(all.map(({ run_id }) => run_id))];
  const states = await eachOf(runs, width, (run_id) => letterStatesOfRun(store, { pipeline, run_id }, damaged));
  return states.flat().sort(byAge);
}

/** The open dead letters of a pipeline. */
export interface OpenLetters {
  /** The latest of them, oldest failure first. */
  readonly states: readonly LetterState[];
  /** Number of older ones; their records were not read. */
  readonly older: number;
  /** Number of letters that are closed or replaced. */
  readonly closed: number;
  /** Keys of letters that cannot be read. */
  readonly damaged: readonly string[];
}

/** The latest open dead letters of a pipeline, at most `most`. Reads the records only of letters that the index does not know to be closed. */
export async function openLetters(
  store: ObjectStore,
  pipeline: string,
  most = Number.POSITIVE_INFINITY,
): Promise<OpenLetters> {
  const { all, maybeOpen } = await listedLetters(await openIndex(store, pipeline));
  const runs = [...Map.groupBy(maybeOpen, ({ run_id }) => run_id)];
  const states: LetterState[] = [];
  const damaged: string[] = [];
  let read = 0;
  while (runs.length > 0 && states.length < most) {
    const next = runs.splice(0, Math.min(width, most - states.length));
    const found = await eachOf(next, width, ([run_id]) => letterStatesOfRun(store, { pipeline, run_id }, damaged));
    states.push(...found.flat().filter(isOpen));
    read += next.reduce((sum, [, letters]) => sum + letters.length, 0);
  }
  const older = maybeOpen.length - read;
  const closed = Math.max(0, all.length - states.length - older - damaged.length);
  return { states: states.sort(byAge), older, closed, damaged };
}

/** The dead letters with these ids, with or without the pipeline's name; null for an id that no letter has. */
export function letterStatesOf(
  store: ObjectStore,
  pipeline: string,
  ids: readonly string[],
): Promise<(LetterState | null)[]> {
  return eachOf(ids, width, async (id) => {
    const letter = await readDeadLetter(store, pipeline, id);
    const states = letter ? await letterStatesOfRun(store, letter) : [];
    return states.find((state) => state.letter.id === letter?.id) ?? null;
  });
}

/** Ids of the latest dead letters of a pipeline, the latest failure first. */
export async function letterIds(store: ObjectStore, pipeline: string, most = 1_000): Promise<string[]> {
  const letters = await latestLetters(await openIndex(store, pipeline), most);
  return letters.map(({ run_id, execution, step }) => `${pipeline}/${run_id}/${execution}/${step}`);
}

/** The dead letters of one run, oldest failure first. */
export async function letterStatesOfRun(
  store: ObjectStore,
  run: RunRef,
  damaged: string[] = [],
): Promise<LetterState[]> {
  const keys = await runKeys(store, run);
  if (!keys || keys.deadLetters.length === 0) return [];
  const letters = await readAllLetters(store, keys.deadLetters, damaged);
  return (await statesOf(store, run, { ...keys, letters })).sort(byAge);
}

async function statesOf(
  store: ObjectStore,
  run: RunRef,
  { executions, dismissals, nexts, letters }: RunKeys & { readonly letters: readonly DeadLetter[] },
): Promise<LetterState[]> {
  const left = await eachOf(nexts, width, (execution) =>
    unlessDamaged(() => readVouched(store, { ...run, execution }), []),
  );
  const hasWhole = letters.some(({ step }) => step === wholeExecution);
  const current = hasWhole ? await currentExecution(store, run, executions) : null;
  const closings = new Map<string, Promise<Closing | null>>();
  return Promise.all(
    letters.map(async (letter) => {
      // One search per step: its latest success closes all its letters of earlier executions.
      const closing = closings.get(letter.step) ?? lastClosing(store, run, letter.step, { executions, letters });
      closings.set(letter.step, closing);
      const found = await closing;
      const execution = found?.execution ?? null;
      const done = letter.step === wholeExecution ? current : null;
      // A dead execution needs no later one if it had succeeded, or if it has settled nothing since a success.
      const closes = execution !== null && (execution > letter.execution || execution === done);
      const closedBy = closes ? execution : null;
      const state = { letter, closedBy, closedBecause: null, vouched: null, replacedBy: null };
      if (closedBy !== null) return { ...state, closedBecause: found?.because ?? null };
      const word = left.flat().find(({ step, execution }) => step === letter.step && execution >= letter.execution);
      if (word) return { ...state, closedBecause: 'vouched', vouched: word.vouched };
      if (dismissals.includes(dismissalKey(letter, letter.step))) return { ...state, closedBecause: 'dismissed' };
      return { ...state, replacedBy: laterLetter(letter, letters) };
    }),
  );
}

/** Id of the latest letter for the same step of the run in a later execution. */
function laterLetter({ step, execution }: DeadLetter, letters: readonly DeadLetter[]): string | null {
  const later = letters.filter((other) => other.step === step && other.execution > execution);
  return later.toSorted((a, b) => b.execution - a.execution)[0]?.id ?? null;
}

interface Closing {
  readonly execution: number;
  readonly because: 'succeeded' | 'removed';
}

/**
 * The latest execution that closes a step's letters: the step succeeded in it, or it succeeded as a whole and has no outcome of the step, because its
 * pipeline has no such step.
 * For `_execution`: the latest execution that succeeded as a whole. Null if there is none.
 */
async function lastClosing(
  store: ObjectStore,
  run: RunRef,
  step: string,
  { executions, letters }: { readonly executions: readonly number[]; readonly letters: readonly DeadLetter[] },
): Promise<Closing | null> {
  const first = Math.min(...letters.filter((letter) => letter.step === step).map(({ execution }) => execution));
  const closing = step === wholeExecution ? executions : executions.filter((execution) => execution > first);
  for (const execution of closing.toReversed()) {
    const ref = { ...run, execution };
    const outcome = step === wholeExecution ? null : await readIntact<Outcome>(store, outcomeKey(ref, step));
    if (outcome?.outcome === 'succeeded' || outcome?.outcome === 'reused') return { execution, because: 'succeeded' };
    if (outcome) continue;
    // Finalize settles every step of the pipeline before it records the execution's success.
    if ((await readIntact<ExecutionEnd>(store, executionEndKey(ref)))?.status !== 'SUCCEEDED') continue;
    return { execution, because: step === wholeExecution ? 'succeeded' : 'removed' };
  }
  return null;
}

/** Order of dead letters: oldest failure first. */
export function byAge({ letter: a }: LetterState, { letter: b }: LetterState): number {
  return compare(a.failed_at, b.failed_at) || a.execution - b.execution || compare(a.id, b.id);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
