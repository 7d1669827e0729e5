import type { DaybreakEvent } from '../contract/events/event.ts';

/** The boundary of the system: small interfaces for everything that the runtime, the platform functions and the command line need from outside. */

/** Result of a conditional write: `written: false` means that another writer was first and nothing changed. */
export type ConditionalWrite = { readonly written: true; readonly etag: string } | { readonly written: false };

export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
}

export interface PutOptions {
  /** `'*'`: write only if no object has this key. */
  readonly ifNoneMatch?: '*';
  /** Write only if the object still has this etag. */
  readonly ifMatch?: string;
  readonly contentType?: string;
}

export interface TransferOptions {
  /** Stops the transfer, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface UploadOptions extends TransferOptions {
  readonly contentType?: string;
}

/**
 * A bucket or a folder. Reads see every write that has returned. A key is absent or complete, never partial. The store retries transient faults (503, 409
 * conflict of concurrent conditional writes, connection loss) and throws the remaining ones as an error named `PlatformError`.
 */
export interface ObjectStore {
  /** The store's address, for people and links: `s3://bucket` or `file:///folder`. */
  readonly url: string;
  /** Returns the whole object (for small ones), or null if it does not exist. */
  get(key: string): Promise<StoredObject | null>;
  /** Streams the object's bytes, or returns null if it does not exist. */
  read(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Writes a small object. If a retry finds that an earlier try has made the conditional write, it counts as written. */
  put(key: string, body: Uint8Array | string, options?: PutOptions): Promise<ConditionalWrite>;
  /** Writes a large object from a stream. The key stays absent until the last byte has arrived. An error of `body` leaves nothing. */
  write(key: string, body: AsyncIterable<Uint8Array>, options?: { readonly contentType?: string }): Promise<void>;
  /**
   * Makes an object from a local file. The key stays absent until the object is complete; a failure leaves nothing. Memory holds a few megabytes of it at a
   * time. The caller may delete the file afterwards, but must never change it: a folder store may keep the file itself.
   */
  upload(key: string, file: string, options?: UploadOptions): Promise<void>;
  /**
   * Makes a local file from an object; false if the object does not exist. The file gets its name only when it is complete, and replaces an existing one. The
   * caller may delete it, but must never change it: it may be the folder store's own. If the object is replaced during the download, the file has one complete
   * version, or the call throws a PlatformError.
   */
  download(key: string, file: string, options?: TransferOptions): Promise<boolean>;
  /** Lists keys below a prefix in ascending order. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly bytes: number }>;
  delete(key: string): Promise<void>;
  /**
   * Only of a store that takes objects of another one: the bytes of an object that lies there and was not fetched yet, or null if it is missing there. Undefined for every other object: reading it
   * costs no download.
   */
  unfetched?(key: string): Promise<number | null | undefined>;
}

export interface QueueMessage {
  readonly body: string;
  /** The handle for `delete`; valid until the message becomes visible again. */
  readonly receipt: string;
}

/** A queue with at-least-once delivery (SQS or a folder). */
export interface DeadLetterQueue {
  send(body: string): Promise<void>;
  /** Returns up to `max` (1 to 10) visible messages, and hides them for `hideSeconds`. */
  receive(max: number, hideSeconds: number): Promise<readonly QueueMessage[]>;
  delete(receipt: string): Promise<void>;
  /** Makes a received message visible again at once. A message that is visible or deleted stays unchanged. */
  release(receipt: string): Promise<void>;
}

/** Takes events: an EventBridge bus, a folder, or memory. It may deliver an event more than once, and in any order. */
export interface Events {
  /** Loads everything that sending needs, so that a caller can do it beside other work. */
  open(): Promise<void>;
  /** Takes all of these events. Throws a PlatformError if one of them was not taken; then others may have been. */
  send(events: readonly DaybreakEvent[], options?: TransferOptions): Promise<void>;
}

/** Answers a state that waits for its task token. */
export interface TaskTokens {
  /** `gone`: the token is used, timed out, or unknown. */
  succeed(token: string, output: string): Promise<'delivered' | 'gone'>;
}

/** Looks up Step Functions executions. */
export interface Executions {
  /** Returns the status of an execution; null if it is unknown or expired. */
  status(arn: string): Promise<'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | null>;
}

/** An execution that has ended. Times are milliseconds since 1970. */
export interface EndedExecution {
  readonly executionArn: string;
  readonly name: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly startDate: number;
  readonly stopDate: number;
  readonly redriveCount: number;
}

/** The past executions of a deployed machine. */
export interface MachineHistory {
  /** Returns when the machine was created, in milliseconds since 1970. */
  createdAt(): Promise<number>;
  /** Lists executions that have ended, the latest start first. */
  executions(): AsyncIterable<EndedExecution>;
  /** Returns the JSON texts of an execution's input and output, and its error and cause; null for each that is missing. */
  describe(executionArn: string): Promise<Record<'input' | 'output' | 'error' | 'cause', string | null>>;
}

/** The state of one execution of a deployed machine. Times are ISO 8601 in UTC. */
export interface ExecutionFacts {
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly started_at: string;
  readonly ended_at: string | null;
  /** JSON text, if the execution succeeded. */
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
}

/** A deployed state machine, for callers that start and stop it. */
export interface StateMachine {
  readonly arn: string;
  /** Starts an execution. Null if an execution with this name was started before. */
  start(name: string, input: string): Promise<{ readonly arn: string; readonly started_at: string } | null>;
  /** Returns the state of an execution; null if it is unknown or expired. */
  describe(executionArn: string): Promise<ExecutionFacts | null>;
  /** Stops an execution that runs; one that has ended stays as it is. Step Functions keeps the cause. */
  stop(executionArn: string, cause: string | null): Promise<void>;
  /** Returns the currently deployed definition in Amazon States Language. */
  definition(): Promise<string>;
}

/** One event of a log stream. `at` is milliseconds since 1970. */
export interface LogEvent {
  readonly stream: string;
  readonly at: number;
  readonly message: string;
}

/** The logs of a deployed pipeline's functions. Each stream has the invocations of one process, one after the other. */
export interface FunctionLogs {
  /** Names of the log groups. */
  groups(): Promise<readonly string[]>;
  /** Events of a group from a time on that match a CloudWatch filter pattern, in order of time within a stream. */
  matching(group: string, pattern: string, from: number): AsyncIterable<LogEvent>;
  /** All events of a stream in a span of time, in order. */
  stream(group: string, stream: string, span: { readonly from: number; readonly to: number }): AsyncIterable<LogEvent>;
}

/** Time. It is injected, so that tests and `simulate` can control it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason if the signal fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A table of a catalog, over Parquet files that a text object lists, one address per line. */
export interface CatalogTable {
  /** Lower case letters, digits and underscores. */
  readonly name: string;
  readonly description: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The folder with the text object, with a slash at its end. */
  readonly location: string;
  /** Facts for people and programs that look at the table. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** One database of a data catalog (Glue). */
export interface Catalog {
  /** The table's version, for `put`, and its parameters; null if it does not exist. */
  find(name: string): Promise<{ readonly version: string; readonly parameters: CatalogTable['parameters'] } | null>;
  /** Makes the table, or replaces the one that has this version still; false if another writer was faster, and nothing changed. */
  put(table: CatalogTable, version: string | null): Promise<boolean>;
  /** A table that does not exist is no error. */
  remove(name: string): Promise<void>;
}
