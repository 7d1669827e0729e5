import { isRunId } from '../../contract/object-keys.ts';
import { redriveExecution } from '../../offline/engine/redrive-execution.ts';
import { hasExecution } from '../../offline/kept/has-execution.ts';
import { tellPeople } from '../alerts/tell-people.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { runAnswer } from '../render/run/run-answer.ts';
import { unknownRun } from '../typed/chosen/unknown-run.ts';
import { localFolder, openStoreOption } from '../typed/store-option.ts';
import { loadRunnable, watched } from '../watch/run-watched.ts';

/** Redrives the last execution of a run on this machine, like the Redrive button of the Step Functions console. */
export async function redrive({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const [wanted = '', runId = ''] = args;
  const pipeline = await loadRunnable(wanted, context);
  const storeFolder = localFolder(option('store'), context);
  const ref = { pipeline: pipeline.plan.name, run_id: runId };
  if (!isRunId(runId) || !(await hasExecution(storeFolder, ref))) {
    throw await unknownRun(ref, await openStoreOption(option('store'), context));
  }
  const report = await watched(context, pipeline, (watching) =>
    redriveExecution({ pipeline, root: context.root, storeFolder, runId, ...watching }),
  );
  const answer = runAnswer(report, option('store'), context);
  return tellPeople(answer, { plan: pipeline.plan, storeFolder, send: flag('sendAlerts') }, context);
}
