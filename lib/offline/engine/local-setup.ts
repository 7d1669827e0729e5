import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { registerPackage } from '../../bundle/package/register-package.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { ObjectStore } from '../../ports/ports.ts';

/** The argument of a `local.setup` module. */
export interface LocalSetupOptions {
  readonly store: ObjectStore;
  /** File with source data, from `--data`; null: the module makes its own. */
  readonly data: string | null;
  readonly log: (line: string) => void;
}

/** The answer of a `local.setup` module: the stand-ins that it started. */
export interface LocalSetup {
  /** Variables for all handlers, such as `DATABASE_URL`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Input of a run that is started without one. */
  readonly input?: JsonObject;
  stop(): Promise<void>;
}

const nothing: LocalSetup = { environment: {}, stop: async () => undefined };

/** Starts what the pipeline's handlers need offline; `module` is relative to the root. */
export async function startLocalSetup(
  module: string | null,
  root: string,
  options: LocalSetupOptions,
): Promise<LocalSetup> {
  if (module === null) return nothing;
  registerPackage();
  const loaded = (await import(pathToFileURL(resolve(root, module)).href)) as {
    start?: (options: LocalSetupOptions) => Promise<LocalSetup>;
  };
  if (typeof loaded.start !== 'function')
    throw new Error(`the module "${module}" that local.setup names has no function "start"`);
  return loaded.start(options);
}
