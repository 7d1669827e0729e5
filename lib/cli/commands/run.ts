import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { JsonObject } from '../../contract/json.ts';
import { checkInput } from '../../offline/engine/check-input.ts';
import { tellPeople } from '../alerts/tell-people.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { refreshTypes } from '../refresh-types.ts';
import { runAnswer } from '../render/run/run-answer.ts';
import { withPartition } from '../schedule/partition-option.ts';
import { scheduledFor } from '../schedule/scheduled-for.ts';
import { dataOf } from '../typed/data-option.ts';
import { readInput } from '../typed/read-json.ts';
import { localFolder } from '../typed/store-option.ts';
import { UsageError } from '../typed/usage-error.ts';
import { loadRunnable, runWatched } from '../watch/run-watched.ts';
import { runOnly } from './trial/run-only.ts';

/** Runs a pipeline on this machine and shows where its results are. */
export async function run(invocation: Invocation, context: Context): Promise<Answer> {
  const { args, option, list, flag } = invocation;
  const pipeline = await loadRunnable(args[0] ?? '', context);
  await refreshTypes([pipeline], context, { all: false });
  if (list('only').length > 0) return runOnly(pipeline, invocation, context);
  if (option('upstream') !== null)
    throw new UsageError('--upstream is the run from which `--only <steps>` takes results: name the steps');
  const input = await inputOf(pipeline.plan, option, context);
  // A pattern may compute for long; meanwhile an interrupt ends the command.
  if (input) checkInput(pipeline.plan, input);
  const storeFolder = localFolder(option('store'), context);
  const report = await runWatched(context, pipeline, {
    pipeline,
    root: context.root,
    storeFolder,
    input,
    data: await dataOf(option('data'), pipeline.plan.localSetup, context),
    environment: context.environment,
  });
  const answer = runAnswer(report, option('store'), context);
  return tellPeople(answer, { plan: pipeline.plan, storeFolder, send: flag('sendAlerts') }, context);
}

/** The input that a person gives, or that the schedule gives to one of its starts. Null: `local.setup` may propose one. */
async function inputOf(plan: PipelinePlan, option: Invocation['option'], context: Context): Promise<JsonObject | null> {
  const input = withPartition(await readInput(option('input'), context), option('partition'), plan);
  const time = option('scheduledFor');
  if (time === null) return input;
  if (input) throw new UsageError('--scheduled-for takes the input of the schedule: leave --input and --partition out');
  return { daybreak: { scheduled_time: scheduledFor(time, plan) } };
}
