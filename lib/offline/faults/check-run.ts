import { errorNames } from '../../contract/error-names.ts';
import {
  type ExecutionRef,
  executionEndKey,
  executionsPrefix,
  onceKey,
  outcomeKey,
  type RunRef,
  wholeExecution,
} from '../../contract/object-keys.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import { isOpen, letterStatesOfRun } from '../../operate/letters/letter-states.ts';
import { readDeadLetters } from '../../operate/runs/dead-letters.ts';
import { readRun } from '../../operate/runs/read-run.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import type { Subject } from './subjects/subject.ts';
import { type Ended, refused } from './world/engine-process.ts';
import type { World } from './world/world.ts';

/** An execution that the bench started, and whether Finalize or Reconcile has accounted for its end. */
export interface Past {
  readonly ended: Ended;
  readonly accounted: Promise<boolean>;
}

/** One execution of the run, from the store and from the bench's own knowledge. */
interface Told {
  readonly record: ExecutionRecord;
  readonly past: Past | undefined;
  readonly accounted: boolean;
  readonly end: ExecutionEnd | null;
  readonly outcomes: readonly Outcome[];
  readonly letters: readonly DeadLetter[];
}

/** Checks a run's records once all its work has ended. Returns every broken promise, in words. */
export async function checkRun({ plan }: Subject, world: World, past: readonly Past[]): Promise<string[]> {
  const run = { pipeline: plan.name, run_id: 'e1' };
  const { store } = world;
  const records = await readExecutions(store, run);
  const told: Told[] = await Promise.all(
    records.map(async (record) => {
      const ref = { ...run, execution: record.execution };
      const known = past.find(({ ended }) => ended.arn === record.execution_arn);
      return {
        record,
        past: known,
        accounted: (await known?.accounted) ?? false,
        end: await readJson<ExecutionEnd>(store, executionEndKey(ref)),
        outcomes: await outcomesOf(store, ref),
        letters: await readDeadLetters(store, ref),
      };
    }),
  );
  const sent = await sentLetters(world);
  return [
    ...told.flatMap((one) => [...checkLetters(one, world), ...checkEnd(one), ...checkBlocked(one)]),
    ...told.flatMap((one) => checkQueue(one, world, sent)),
    ...(await checkClosed(store, run)),
    ...(await checkStatus(world, run)),
    ...checkEffects(world, run),
    ...(await checkSinks(world, run)),
  ];
}

async function outcomesOf(store: ObjectStore, ref: ExecutionRef): Promise<Outcome[]> {
  const outcomes: (Outcome | null)[] = [];
  for await (const { key } of store.list(`${executionsPrefix(ref)}${ref.execution}/outcomes/`))
    outcomes.push(await readJson<Outcome>(store, key));
  return outcomes.filter((outcome) => outcome !== null);
}

/** Each failed step has exactly one letter, and nothing else has one. If every writer died, the letter is due only once Reconcile has heard of the end. */
function checkLetters({ record, end, outcomes, letters, accounted }: Told, { watch }: World): string[] {
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed').map(({ step }) => step);
  const due = failed.filter((step) => watch.wasJudged(record, step, accounted));
  const names = letters.map(({ step }) => step);
  const n = record.execution;
  return [
    ...due
      .filter((step) => !names.includes(step))
      .map((step) => `step ${step} failed in execution ${n} without a letter`),
    ...names
      .filter((step) => step !== wholeExecution && !failed.includes(step))
      .map((step) => `step ${step} has a dead letter in execution ${n} and did not fail`),
    ...(names.includes(wholeExecution) && end?.failure?.error === errorNames.pipelineFailed && failed.length > 0
      ? [`execution ${n} was judged by Finalize and has a letter as a whole`]
      : []),
  ];
}

/** Every execution has its end.json, unless it died and Reconcile has not heard of it. */
function checkEnd({ record, past, accounted, end }: Told): string[] {
  if (!past) return [`execution ${record.execution} was never started`];
  const { ended } = past;
  const failure = 'error' in ended ? ended.error : undefined;
  if (refused(ended)) return [];
  const byItself = ended.status === 'SUCCEEDED' || failure === errorNames.pipelineFailed;
  if (!end)
    return byItself || accounted ? [`execution ${record.execution} ended ${ended.status} without end.json`] : [];
  if (byItself && end.status !== ended.status)
    return [`execution ${record.execution} ended ${ended.status}, and end.json says ${end.status}`];
  return [];
}

/** Only a failure blocks. */
const checkBlocked = ({ record, outcomes }: Told): string[] =>
  outcomes
    .filter(({ outcome }) => outcome === 'blocked')
    .flatMap(({ step, causes }) => {
      const kinds = causes.map((cause) => outcomes.find((other) => other.step === cause)?.outcome ?? 'failed');
      const right = causes.length > 0 && kinds.every((kind) => kind === 'failed');
      return right ? [] : [`step ${step} is blocked in execution ${record.execution} by ${causes.join() || 'nothing'}`];
    });

/** The queue has every letter of a failure that a surviving function has seen. A letter of a whole execution is due once Reconcile has heard of its end. */
const checkQueue = ({ record, accounted, letters }: Told, { watch }: World, sent: ReadonlySet<string>): string[] =>
  letters
    .filter(({ step }) => (step === wholeExecution ? accounted : watch.wasJudged(record, step, accounted)))
    .filter(({ id }) => !sent.has(id))
    .map(({ id }) => `the letter ${id} was never sent`);

async function sentLetters({ queue }: World): Promise<Set<string>> {
  const ids = new Set<string>();
  for (;;) {
    const messages = await queue.receive(10, 3_600);
    if (messages.length === 0) return ids;
    for (const { body, receipt } of messages) {
      ids.add((JSON.parse(body) as DeadLetter).id);
      await queue.delete(receipt);
    }
  }
}

/** After the run's success every letter is closed. */
async function checkClosed(store: ObjectStore, run: RunRef): Promise<string[]> {
  const states = await letterStatesOfRun(store, run);
  return states.filter(isOpen).map(({ letter }) => `the letter ${letter.id} is still open`);
}

/** The status of the run, as `daybreak status` reads it, is SUCCEEDED. */
async function checkStatus({ store, executions }: World, run: RunRef): Promise<string[]> {
  const report = await readRun(store, { name: run.pipeline, steps: [] }, run.run_id, executions);
  return report?.status === 'SUCCEEDED' ? [] : [`the run has succeeded, and its status is ${report?.status}`];
}

/** Every requested effect happened and is marked. The watch checks the number of repeats as they come. */
const checkEffects = ({ watch }: World, run: { readonly pipeline: string; readonly run_id: string }): string[] =>
  watch.effects
    .filter(({ step, key }) => !watch.hasSettled(onceKey(run, step, key)))
    .map(({ step, key }) => `"${key}" of step ${step} was done and is not marked`);

/** No load came over a later one, and each target has rows that are at least as late as the ones that its step's outcome stands for. */
async function checkSinks({ store, warehouse }: World, run: RunRef): Promise<string[]> {
  const last = (await readExecutions(store, run)).length;
  const wrong: string[] = [...warehouse.overwritten];
  for (const [step, { execution, rows }] of warehouse.targets) {
    const outcomes = await Promise.all(
      Array.from({ length: last }, (_, index) =>
        readJson<Outcome>(store, outcomeKey({ ...run, execution: index + 1 }, step)),
      ),
    );
    const done = outcomes.findLast((one) => one?.outcome === 'succeeded' || one?.outcome === 'reused');
    const manifest = done?.manifest ? await readJson<Manifest>(store, done.manifest) : null;
    if (!manifest) continue;
    const { sum } = manifest.result as { readonly sum: string };
    if (execution < manifest.execution)
      wrong.push(`the rows of ${step} are of execution ${execution}, and it was committed in ${manifest.execution}`);
    if (rows !== sum) wrong.push(`the rows of ${step} in the sink are not those that it committed`);
  }
  return wrong;
}
