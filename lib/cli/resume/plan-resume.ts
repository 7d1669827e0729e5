import type { RunRef } from '../../contract/object-keys.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { type Assessment, type AssessOptions, assess } from '../../operate/resume/assess.ts';
import { refuseIfHeld } from '../../operate/runs/holder.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';
import { UsageError } from '../typed/usage-error.ts';

export interface ResumeRequest extends Omit<AssessOptions, 'store'> {
  readonly run: RunRef;
}

/** Plans a resume. Throws a UsageError for a step that the pipeline does not have, and a RunRefusedError if an execution holds the run. */
export async function planResume(
  { run, history, ...request }: ResumeRequest,
  ports: { readonly store: ObjectStore; readonly executions: Executions },
): Promise<Assessment> {
  const names = request.facts.steps.map(({ name }) => name);
  const unknown = request.from.find((step) => !names.includes(step));
  if (unknown !== undefined)
    throw new UsageError(`--from: pipeline "${run.pipeline}" has no step "${unknown}"${didYouMean(unknown, names)}`);
  await refuseIfHeld(run, history, ports);
  return assess(run, { ...request, history, store: ports.store });
}
