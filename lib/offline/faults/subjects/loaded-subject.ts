import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { registerPackage } from '../../../bundle/package/register-package.ts';
import type { LoadedPipeline } from '../../../compiler/loaded-pipeline.ts';
import type { CompiledMachine } from '../../../compiler/states/emit-machine.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { MemoryObjectStore } from '../../../ports/memory/memory-object-store.ts';
import { SystemClock } from '../../../ports/system-clock.ts';
import { runSql } from '../../../runtime/attempt/run-sql.ts';
import { secretsFromEnvironment } from '../../../runtime/secrets/secrets.ts';
import type { StepFunction } from '../../../runtime/step.ts';
import type { LocalSetup } from '../../engine/local-setup.ts';
import { machineVersions } from './machine-versions.ts';
import type { Subject } from './subject.ts';
import { SubjectError } from './subject-error.ts';

export interface LoadedSubjectOptions {
  readonly root: string;
  readonly setup: LocalSetup;
  readonly input: JsonObject;
  /** The objects that `local.setup` put into the store; each run begins with them. */
  readonly furnished: MemoryObjectStore;
}

/** A user's pipeline, with its handlers loaded into this process under their own environment. Calls `process.env` its own until the process ends. */
export async function loadedSubject(
  { plan, machine: { functions } }: LoadedPipeline & { readonly ok: true },
  { root, setup, input, furnished }: LoadedSubjectOptions,
): Promise<Subject> {
  const environment = { ...environmentOf(functions), ...setup.environment };
  Object.assign(process.env, environment, { TZ: 'UTC' });
  registerPackage();
  const handlers = new Map<string, StepFunction>();
  for (const { work, steps } of functions.flatMap(({ modules }) => modules)) {
    const handler =
      work.kind === 'sql' ? runSql(work.queries) : await stepFunctionOf(resolve(root, work.entry), work.export);
    for (const step of steps) handlers.set(step, handler);
  }
  const secrets = new Map(
    functions.flatMap(({ steps, secrets: declared }) => {
      const env = { ...process.env, DAYBREAK_STORE: 'file:///', DAYBREAK_SECRETS: JSON.stringify(declared) };
      return steps.map((step) => [step, secretsFromEnvironment(env, new SystemClock())] as const);
    }),
  );
  return {
    plan,
    machine: machineVersions(plan),
    handlers,
    input,
    secretsOf: (step) => secrets.get(step) ?? secretsFromEnvironment({}, new SystemClock()),
    async furnish(store) {
      for await (const { key } of furnished.list('')) {
        const found = await furnished.get(key);
        if (found) await store.put(key, found.body);
      }
    },
    dies: 'loudly',
  };
}

/** All handlers share one process here, so a variable can have one value only. */
function environmentOf(functions: CompiledMachine['functions']): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const fn of functions)
    for (const [name, value] of Object.entries(fn.environment)) {
      const other = environment[name] ?? value;
      if (other !== value)
        throw new SubjectError(
          `the variable ${name} is "${other}" for one step and "${value}" for ${fn.steps.join(', ')}; under faults all handlers run in one process, where it can have one value only`,
        );
      environment[name] = value;
    }
  return environment;
}

async function stepFunctionOf(path: string, name: string): Promise<StepFunction> {
  const module = (await import(pathToFileURL(path).href)) as Record<
    string,
    { stepFunction?: StepFunction } | undefined
  >;
  const found = module[name]?.stepFunction;
  if (typeof found === 'function') return found;
  throw new SubjectError(`"${name}" of ${path} is not made by defineStep, so it cannot be run under faults`);
}
