import type { JsonObject } from '../contract/json.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './io.ts';

/** One row of the table of commands. */
export interface Command {
  /** One or two words: `run`, `dlq list`. */
  readonly name: string;
  /** In commander's notation: `<pipeline> [run]`. */
  readonly arguments: string;
  readonly summary: string;
  /** Options beyond the common ones: notation and help. */
  readonly options: readonly (readonly [flags: string, help: string])[];
  run(invocation: Invocation, context: Context): Promise<Answer>;
}

/** What the person typed. */
export interface Invocation {
  /** Positional arguments in order, those of a list one after the other. */
  readonly args: readonly string[];
  /** Value of an option without its dashes, or null when it was not given. */
  option(name: string): string | null;
  /** Values of an option that takes several; none when it was not given. */
  list(name: string): readonly string[];
  /** Whether an option without a value was given, by its name in camel case: `dryRun` for `--dry-run`. */
  flag(name: string): boolean;
}

/** The answer of a command: both forms hold the same facts. */
export interface Answer {
  readonly exitCode: ExitCode;
  readonly json: JsonObject;
  /** For people; every foreign text in it went through a painter. */
  readonly text: string;
}
