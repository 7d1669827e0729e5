import { lineageSources } from '../../compiler/lineage-sources.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import { reportExecution } from '../../operate/openlineage/report-execution.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import type { RunOptions } from './run-options.ts';

/**
 * Keeps the OpenLineage events of the run's latest execution in the store, if the template asks for them. Offline nothing is sent: a run on the machine of a person is no news. The answer is a line for people
 * if it failed, which fails no run.
 */
export async function keepLineage(
  { pipeline: name, run_id }: RunRef,
  { store, pipeline }: { readonly store: ObjectStore; readonly pipeline: RunOptions['pipeline'] },
): Promise<string | null> {
  const { lineage: setting } = pipeline.plan;
  if (!setting) return null;
  const run = { pipeline: name, run_id };
  try {
    const execution = (await readExecutions(store, run)).length;
    const file = { setting, sources: lineageSources(pipeline) };
    if (execution > 0) await reportExecution(store, { ...run, execution }, { file, send: null });
    return null;
  } catch (error) {
    return `the lineage events of the run were not kept: ${error instanceof Error ? error.message : String(error)}`;
  }
}
