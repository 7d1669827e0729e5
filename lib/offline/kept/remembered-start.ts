import type { JsonObject } from '../../contract/json.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import { type KeptExecution, KeptExecutions } from './kept-executions.ts';
import { localFolders } from './local-folders.ts';

/** The arguments with which a run on this machine was started, beside its pipeline. */
export interface Remembered {
  /** Of an execution that was killed before its record reached the store. */
  readonly input: JsonObject;
  readonly data: string | null;
  readonly environment: string | null;
}

/** The remembered start of a run's latest execution, or null if it was never started here. */
export async function rememberedStart(
  storeFolder: string,
  run: RunRef,
  history: readonly ExecutionRecord[],
): Promise<Remembered | null> {
  const kept = await new KeptExecutions(localFolders(storeFolder, run.pipeline).kept).ofRun(run);
  const started = history.toReversed().map(({ execution_arn }) => kept.find(({ arn }) => arn === execution_arn));
  // A start that was refused, because another one had the run, has changed nothing.
  const latest: KeptExecution | undefined = started.find((execution) => execution !== undefined) ?? kept.at(-1);
  return latest ? { input: latest.input, data: latest.data, environment: latest.environment ?? null } : null;
}
