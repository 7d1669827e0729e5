import type { JsonObject } from '../contract/json.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './io.ts';

/** One row of the table of commands. */
export interface Command {
  /** One or two words, such as `run` or `dlq list`. */
  readonly name: string;
  /** In commander's notation: `<pipeline> [run]`. */
  readonly arguments: string;
  /** For `--help`, where the notation cannot say it: an optional argument before a needed one. */
  readonly usage?: string;
  readonly summary: string;
  /** Options beyond the common ones: notation and help. */
  readonly options: readonly (readonly [flags: string, help: string])[];
  /** Loads the code of the command: `--help` needs none of it. */
  load(): Promise<(invocation: Invocation, context: Context) => Promise<Answer>>;
}

/** The parsed arguments of a command. */
export interface Invocation {
  /** Positional arguments in order; the items of a list follow each other. */
  readonly args: readonly string[];
  /** Value of an option, named without its dashes; null if the option is absent. */
  option(name: string): string | null;
  /** Values of an option that takes several; empty if the option is absent. */
  list(name: string): readonly string[];
  /** True if a flag is present. The name is in camel case: `dryRun` for `--dry-run`. */
  flag(name: string): boolean;
}

/** The answer of a command. Text and JSON hold the same facts. */
export interface Answer {
  readonly exitCode: ExitCode;
  /** Null: the command has written its lines of JSON, or its CSV, as they came. */
  readonly json: JsonObject | null;
  /** For people. A painter has cleaned every foreign text in it. */
  readonly text: string;
}
