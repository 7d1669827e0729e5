import type { Json, JsonObject } from '../contract/json.ts';
import type { RunRef } from '../contract/object-keys.ts';
import type { ExecutionRecord } from '../contract/records.ts';
import { type Assessment, assess } from '../operate/assess.ts';
import { definitionFacts } from '../operate/definition-facts.ts';
import { refuseIfHeld } from '../operate/holder.ts';
import type { Executions, ObjectStore } from '../ports/ports.ts';
import type { CheckManifest } from '../runtime/find-damage.ts';
import { didYouMean } from '../source/did-you-mean.ts';
import { UsageError } from './usage-error.ts';

export interface ResumeRequest {
  readonly run: RunRef;
  /** The machine that would run. */
  readonly definition: Json;
  readonly history: readonly ExecutionRecord[];
  /** Of `--input`; null: the run keeps its own. */
  readonly input: JsonObject | null;
  /** Of `--from`. */
  readonly from: readonly string[];
  readonly check: CheckManifest;
  readonly fileOf: (step: string) => string | null;
}

/** What a resume would do. A step that the pipeline does not have is a UsageError; a run that somebody works on, a RunRefusedError. */
export async function planResume(
  { run, history, ...request }: ResumeRequest,
  ports: { readonly store: ObjectStore; readonly executions: Executions },
): Promise<Assessment> {
  const names = definitionFacts(request.definition).steps.map(({ name }) => name);
  const unknown = request.from.find((step) => !names.includes(step));
  if (unknown !== undefined)
    throw new UsageError(`--from: pipeline "${run.pipeline}" has no step "${unknown}"${didYouMean(unknown, names)}`);
  await refuseIfHeld(run, history, ports);
  return assess(run, { ...request, history, store: ports.store });
}
