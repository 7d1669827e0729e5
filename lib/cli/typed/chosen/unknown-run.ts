import { isRunId, type RunRef } from '../../../contract/object-keys.ts';
import { didYouMean } from '../../../diagnostics/did-you-mean.ts';
import { runIds } from '../../../operate/runs/list-runs.ts';
import { RunRefusedError } from '../../../operate/runs/run-refused-error.ts';
import { unrecordedRun } from '../../../operate/runs/unrecorded-run.ts';
import type { DeployedPipeline } from '../../../operate/stacks/open-stack.ts';
import type { ObjectStore } from '../../../ports/ports.ts';
import { isRemoved } from '../../../runtime/manifests/next-record.ts';
import { UsageError } from '../usage-error.ts';

interface SearchedPlace {
  readonly store: ObjectStore;
  readonly deployed?: DeployedPipeline | null;
}

/** The error for a run without records. It names the nearest id. A deployed run may just have begun, or Prepare may have refused it: then the error tells that. */
export async function unknownRun(
  run: RunRef,
  { store, deployed }: SearchedPlace,
): Promise<UsageError | RunRefusedError> {
  const { pipeline, run_id } = run;
  const begun = deployed && isRunId(run_id) ? await unrecordedRun(run, deployed) : null;
  if (begun)
    return new RunRefusedError(
      `run ${run_id} has no record yet: ${begun.execution_arn} runs since ${begun.started_at}, and Prepare has not begun the run; \`status --watch\` follows it`,
    );
  if (isRunId(run_id) && (await isRemoved(store, run)))
    return new UsageError(`run "${run_id}" of pipeline "${pipeline}" was removed by \`prune\``);
  const known = await runIds(store, pipeline);
  const latest = known.length > 0 ? `the latest is ${known[0]}` : `the store ${store.url} has no runs of it`;
  return new UsageError(`pipeline "${pipeline}" has no run "${run_id}"${didYouMean(run_id, known)} (${latest})`);
}
