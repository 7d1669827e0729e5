import type { FunctionEntry } from '../../bundle/function-entry.ts';
import type { LocalRuntime } from '../../bundle/local-runtime.ts';
import type { CompiledMachine } from '../../compiler/states/emit-machine.ts';
import { stepModule, stepsEntry } from '../../compiler/step-module.ts';
import { machineFunctions } from '../../contract/platform-functions.ts';
import { ownModule } from '../../package/package-files.ts';
import type { LocalFunction } from './function-pool.ts';

export interface LocalFunctionOptions {
  /** The project's root: errors show paths from there. */
  readonly root: string;
  /** The absolute path of the file that holds a handler's code during this execution. */
  readonly fileOf: (entry: FunctionEntry) => string;
  /** Null: the functions load the sources. */
  readonly runtime: LocalRuntime | null;
  readonly storeUrl: string;
  /** Where functions keep local files. */
  readonly scratch: string;
  /** The variables from `local.setup`: addresses and secrets of the local stand-ins. */
  readonly setup: Readonly<Record<string, string>>;
  /** The file with the facts about the steps that the functions know. */
  readonly planFile: string;
  readonly queueUrl: string;
  /** The git commit of the project, for the records of published versions; null if it is not known. */
  readonly commit: string | null;
}

/** The entry files of all functions, relative to the package's root. */
export const functionEntries: readonly string[] = [...machineFunctions.map(({ entry }) => entry), stepsEntry];

/** Every function that the machine invokes, by its placeholder: offline that is the function's name. */
export function localFunctions(machine: CompiledMachine, options: LocalFunctionOptions): Map<string, LocalFunction> {
  const store = {
    DAYBREAK_STORE: options.storeUrl,
    DAYBREAK_SCRATCH: options.scratch,
    DAYBREAK_ROOT: options.root,
    DAYBREAK_PLAN: options.planFile,
  };
  const { runtime } = options;
  const compiled = (source: string) => ({
    entry: runtime?.entries.get(source) ?? source,
    ...(runtime && { modules: runtime.modules }),
  });
  const functions = new Map<string, LocalFunction>();
  for (const { placeholder, entry, export: name, sendsLetters, timeoutSeconds, memoryMb } of machineFunctions)
    functions.set(placeholder, {
      ...compiled(ownModule(entry)),
      export: name,
      timeoutSeconds,
      memoryMb,
      environment: {
        ...store,
        ...(sendsLetters && { DAYBREAK_QUEUE_URL: options.queueUrl }),
        ...(options.commit !== null && { DAYBREAK_COMMIT: options.commit }),
      },
    });
  for (const fn of machine.functions) {
    const module = stepModule(fn, options.fileOf);
    functions.set(fn.placeholder, {
      ...compiled(module.entry),
      export: module.export,
      timeoutSeconds: fn.timeoutSeconds,
      memoryMb: fn.memoryMb,
      environment: {
        ...fn.environment,
        ...options.setup,
        ...module.environment,
        ...store,
        DAYBREAK_SCRATCH_MB: String(fn.ephemeralStorageMb),
        ...(Object.keys(fn.secrets).length > 0 && { DAYBREAK_SECRETS: JSON.stringify(fn.secrets) }),
      },
    });
  }
  return functions;
}
