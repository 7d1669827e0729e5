/** What the engine and the child process that stands for a Lambda environment say to each other over IPC. */
import type { Json } from '../../contract/json.ts';

export type ToFunction = {
  readonly type: 'invoke';
  readonly id: string;
  readonly event: Json;
  /** Milliseconds since 1970: when the function's time-out ends it. */
  readonly deadline: number;
};

export type FromFunction =
  /** The module is loaded: the time-out counts from now. */
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly id: string; readonly payload: Json }
  | { readonly type: 'error'; readonly id: string; readonly error: FunctionError }
  /** The module could not be loaded. */
  | { readonly type: 'broken'; readonly error: FunctionError };

/** What Lambda answers for a function that threw; as JSON it is the Cause that the machine sees. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** Which module a child process loads. */
export interface FunctionSource {
  /** Absolute path. */
  readonly entry: string;
  readonly export: string;
}
