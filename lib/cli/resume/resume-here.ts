import { basename } from 'node:path';
import type { JsonObject } from '../../contract/json.ts';
import { isRunId } from '../../contract/object-keys.ts';
import type { StepWork } from '../../contract/step-work.ts';
import { type Remembered, rememberedStart } from '../../offline/kept/remembered-start.ts';
import { machineFacts } from '../../operate/resume/definition-facts.ts';
import { findDamage } from '../../runtime/manifests/find-damage.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import { tellPeople } from '../alerts/tell-people.ts';
import type { Context } from '../context.ts';
import type { ValidPipeline } from '../load.ts';
import { unknownRun } from '../typed/chosen/unknown-run.ts';
import { dataToResume } from '../typed/data-option.ts';
import { findPipeline } from '../typed/find-pipeline.ts';
import { localFolder } from '../typed/store-option.ts';
import { loadRunnable, runWatched } from '../watch/run-watched.ts';
import { planResume } from './plan-resume.ts';
import type { PreparedResume, TypedResume } from './resume-request.ts';

/** Resumes a run on this machine with the current template, and with the source data and the template's environment of the run's start. */
export async function prepareHere(typed: TypedResume, context: Context): Promise<PreparedResume> {
  const { wanted, runId, place, from } = typed;
  const storeFolder = localFolder(typeof place.typed === 'string' ? place.typed : null, context);
  const { name } = await findPipeline(wanted, { root: context.root, cwd: context.io.cwd });
  const run = { pipeline: name, run_id: runId };
  const history = isRunId(runId) ? await readExecutions(place.store, run) : [];
  const remembered = isRunId(runId) ? await rememberedStart(storeFolder, run, history) : null;
  if (history.length === 0 && !remembered) throw await unknownRun(run, place);

  const environment = context.environment ?? remembered?.environment ?? null;
  const pipeline = await loadRunnable(wanted, context, environment);
  const input = typed.input ?? (history.length === 0 ? ownInput(remembered) : null);
  const facts = machineFacts(pipeline.machine);
  const request = { run, facts, history, input, from, check: findDamage, fileOf: fileOf(pipeline) };
  const assessment = await planResume(request, place);
  const setup = pipeline.plan.localSetup;
  const data = await dataToResume(typed.data, remembered?.data ?? null, { setup, context });
  const daybreak = { run_id: runId, after: history.length, ...(from.length > 0 && { from: [...from] }) };
  const options = { pipeline, root: context.root, storeFolder, input: { ...input, daybreak }, data, environment };
  const tell: PreparedResume['tell'] = (answer, send) =>
    tellPeople(answer, { plan: pipeline.plan, storeFolder, send }, context);
  return { run, assessment, start: () => runWatched(context, pipeline, options), tell };
}

/** For a run that was killed before its input reached the store. */
function ownInput(remembered: Remembered | null): JsonObject {
  const { daybreak: _, ...input } = remembered?.input ?? {};
  return input;
}

/** File names of the steps' code: `extract-users.ts`, `revenue.sql`. */
export function fileOf({ plan }: ValidPipeline): (step: string) => string | null {
  const files = new Map(plan.steps.map(({ name, work }) => [name, filesOf(work)] as const));
  return (step) =>
    files
      .get(step)
      ?.map((file) => basename(file))
      .join(', ') || null;
}

function filesOf(work: StepWork): string[] {
  if (work.kind === 'handler') return [work.entry];
  const { datasets, result } = work.queries;
  return [...new Set([...datasets, ...(result ? [result] : [])].flatMap(({ file }) => file ?? []))];
}
