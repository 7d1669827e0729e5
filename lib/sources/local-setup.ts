import type { JsonObject } from '../contract/json.ts';
import type { ObjectStore } from '../ports/ports.ts';

/** What `daybreak run` hands to the module that a template's `local.setup` names. */
export interface LocalSetupOptions {
  readonly store: ObjectStore;
  /** Path of the file given with `--data`. */
  readonly data: string | null;
  log(line: string): void;
}

/** What such a module started. */
export interface LocalSetup {
  /** Variables of every step's function. */
  readonly environment: Readonly<Record<string, string>>;
  /** The execution input when the user gives none. */
  readonly input?: JsonObject;
  stop(): Promise<void>;
}
