import { join } from 'node:path';
import type { Json } from '../../contract/json.ts';
import type { StepEvent } from '../../contract/payloads.ts';
import type { LogPointer } from '../../contract/records/failure.ts';
import { attemptOf } from '../../contract/resolve-event.ts';
import { stepIn } from '../../contract/state-names.ts';
import { reservedSegment } from '../../ports/object-key.ts';
import type { LocalFolders } from './local-folders.ts';

/** The file for the output of an invocation: `<logs>/<run>/<execution>/<step>.<attempt>.log`, and one file per run for each function of the platform. */
export function logFiles({ logs, pipeline }: LocalFolders, runId: string) {
  return (name: string, event: Json): { readonly file: string; readonly pointer?: LogPointer } => {
    const stream = streamOf(event);
    if (stream === null) return { file: join(logs, runId, `${name}.log`) };
    return { file: join(logs, runId, stream), pointer: { group: groupOf(pipeline, runId), stream } };
  };
}

/** Below the store's folder, so that a store which moves takes its logs along. */
const groupOf = (pipeline: string, runId: string): string => `${reservedSegment}/logs/${pipeline}/${runId}`;

/** Of a step's invocation; null for a function of the platform. */
function streamOf(event: Json): string | null {
  const given = (event ?? {}) as Partial<StepEvent>;
  // RecordFailure and Wait act for a step, too.
  const step = stepIn(event);
  if (given.run?.execution === undefined || step === null || 'failure' in given || 'token' in given) return null;
  return `${given.run.execution}/${step}.${attemptOf(given as StepEvent)}.log`;
}
