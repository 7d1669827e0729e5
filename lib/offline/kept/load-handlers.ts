import { pathToFileURL } from 'node:url';
import { registerPackage } from '../../bundle/package/register-package.ts';
import type { LoadedPipeline } from '../../compiler/loaded-pipeline.ts';
import { PermanentError } from '../../contract/errors.ts';
import type { StepHandler } from '../../runtime/define-step.ts';
import { localFolders } from './local-folders.ts';
import { pinCode } from './pin-code.ts';

/** Loads the handlers of steps into this process, compiled as for a run, so that a project of any kind can be tested. Null stands for SQL. Throws a PermanentError for a module that cannot be loaded or is no step. */
export async function loadHandlers(
  { plan, code }: LoadedPipeline & { readonly ok: true },
  steps: ReadonlySet<string>,
  storeFolder: string,
): Promise<ReadonlyMap<string, StepHandler | null>> {
  registerPackage();
  const fileOf = await pinCode(code, localFolders(storeFolder, plan.name).code);
  const handlers = new Map<string, StepHandler | null>();
  for (const { name, work } of plan.steps) {
    if (!steps.has(name)) continue;
    if (work.kind === 'sql') {
      handlers.set(name, null);
      continue;
    }
    const module = (await load(fileOf(work), work.entry)) as Readonly<Record<string, Partial<StepHandler> | undefined>>;
    const handler = module[work.export];
    if (typeof handler?.stepFunction !== 'function')
      throw new PermanentError(
        `"${work.export}" of ${work.entry} is not made by defineStep, so step "${name}" cannot be tested`,
      );
    handlers.set(name, handler as StepHandler);
  }
  return handlers;
}

async function load(file: string, entry: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    throw new PermanentError(`${entry} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
}
