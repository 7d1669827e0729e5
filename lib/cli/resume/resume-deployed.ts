import type { Json } from '../../contract/json.ts';
import { isRunId } from '../../contract/object-keys.ts';
import { definitionFacts } from '../../operate/resume/definition-facts.ts';
import { startOn } from '../../operate/runs/start-run.ts';
import { findLoss } from '../../runtime/manifests/find-damage.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import type { Context } from '../context.ts';
import { unknownRun } from '../typed/chosen/unknown-run.ts';
import { pipelineIn } from '../typed/place.ts';
import { UsageError } from '../typed/usage-error.ts';
import { follow } from '../watch/follow.ts';
import { planResume } from './plan-resume.ts';
import type { PreparedResume, TypedResume } from './resume-request.ts';

/**
 * Resumes a run of a deployed pipeline with the currently deployed definition. The data stays on AWS: the table checks only presence and size; the steps read
 * every byte.
 */
export async function prepareDeployed(typed: TypedResume, context: Context): Promise<PreparedResume> {
  const { runId, place, input, from } = typed;
  const { deployed } = place;
  if (!deployed) throw new Error('only a deployed pipeline is resumed from afar');
  if (typed.data !== null) throw new UsageError('--data: a deployed pipeline has its own sources');
  const pipeline = await pipelineIn(place, typed.wanted, context);
  const run = { pipeline: pipeline.name, run_id: runId };
  const history = isRunId(runId) ? await readExecutions(place.store, run) : [];
  if (history.length === 0) throw await unknownRun(run, place);
  const facts = definitionFacts(JSON.parse(await deployed.machine.definition()) as Json);
  const request = { run, facts, history, input, from, check: findLoss, fileOf: () => null };
  const assessment = await planResume(request, place);
  const start = async () => {
    const wanted = { runId, from, after: history.length, ...(input && { input }) };
    const started = await startOn(deployed.machine, wanted);
    const report = await follow({ pipeline, place, runId, started }, context);
    if (!report) throw await unknownRun(run, place);
    return report;
  };
  return { run, assessment, start, tell: null };
}
