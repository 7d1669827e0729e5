import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentError } from '../contract/errors.ts';
import { planFile, type StepSpecs } from '../contract/step-spec.ts';

let known: Promise<StepSpecs> | undefined;

/** The steps that this process's functions know of, read once: from the file or the JSON that DAYBREAK_PLAN names, else from the file beside the code on Lambda. */
export function processPlan(): Promise<StepSpecs> {
  known ??= readPlan(process.env);
  return known;
}

async function readPlan({ DAYBREAK_PLAN: named, LAMBDA_TASK_ROOT: root }: NodeJS.ProcessEnv): Promise<StepSpecs> {
  if (named?.startsWith('{')) return JSON.parse(named) as StepSpecs;
  const path = named ?? (root && join(root, planFile));
  if (!path) throw new PermanentError(`DAYBREAK_PLAN is not set: it names the file ${planFile} of the pipeline`);
  return JSON.parse(await readFile(path, 'utf8')) as StepSpecs;
}
