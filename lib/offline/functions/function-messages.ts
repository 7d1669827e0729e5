/** Messages between the engine and the child process that stands for a Lambda environment. */
import type { Json } from '../../contract/json.ts';
import type { LogPointer } from '../../contract/records/failure.ts';

export type ToFunction = {
  readonly type: 'invoke';
  readonly id: string;
  readonly event: Json;
  /** Milliseconds since 1970: when the function's time-out ends it. */
  readonly deadline: number;
  /** The place of the lines of this invocation. */
  readonly log?: LogPointer;
  /** The handler waits for a debugger. */
  readonly inspect?: true;
};

export type FromFunction =
  /** The module is loaded: the time-out counts from now. */
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly id: string; readonly payload: Json }
  /** `fatal`: no one caught the error, and the process ends. */
  | { readonly type: 'error'; readonly id: string; readonly error: FunctionError; readonly fatal?: true }
  /** The handler waits for a debugger at this address. */
  | { readonly type: 'inspecting'; readonly address: string }
  /** The module could not be loaded. */
  | { readonly type: 'broken'; readonly error: FunctionError };

/** Lambda's answer for a function that threw; as JSON it is the Cause that the machine sees. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** The module that a child process loads. */
export interface FunctionSource {
  /** Absolute path. */
  readonly entry: string;
  readonly export: string;
  /** Compiled files of the package's modules, by name; without them the sources are loaded. */
  readonly modules?: Readonly<Record<string, string>>;
}

const types: readonly unknown[] = ['ready', 'result', 'error', 'inspecting', 'broken'] satisfies FromFunction['type'][];

/** A handler may send messages too; they are ignored. */
export function isFromFunction(message: unknown): message is FromFunction {
  return typeof message === 'object' && message !== null && 'type' in message && types.includes(message.type);
}
