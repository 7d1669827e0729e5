/** The edge of the world: everything that the runtime, the platform functions and the command line need from outside, as small interfaces. */

/** Result of a conditional write: `written: false` means that another writer was first and nothing changed. */
export type ConditionalWrite = { readonly written: true; readonly etag: string } | { readonly written: false };

export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
}

export interface PutOptions {
  /** `'*'`: only if no object has this key. */
  readonly ifNoneMatch?: '*';
  /** Only if the object still has this etag. */
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
 * A bucket or a folder. Reads see every write that has returned. A key is absent or whole, never half.
 * Passing faults (503, 409 conflict of concurrent conditional writes, connection loss) are retried inside; what remains is thrown as an error named `PlatformError`.
 */
export interface ObjectStore {
  /** Where this store is, for people and links: `s3://bucket` or `file:///folder`. */
  readonly url: string;
  /** The whole object (for small ones), or null when there is none. */
  get(key: string): Promise<StoredObject | null>;
  /** The object's bytes as they come, or null when there is none. */
  read(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Writes a small object. A conditional write that a retry finds already done by itself counts as written. */
  put(key: string, body: Uint8Array | string, options?: PutOptions): Promise<ConditionalWrite>;
  /** Writes a large object from a stream; absent until the last byte is there. An error of `body` leaves nothing. */
  write(key: string, body: AsyncIterable<Uint8Array>, options?: { readonly contentType?: string }): Promise<void>;
  /**
   * Makes an object of a local file; absent until it is whole, and whatever fails leaves nothing. A few megabytes of it are in memory at a time. The file may be
   * deleted afterwards, but never changed: a folder store may keep the file itself.
   */
  upload(key: string, file: string, options?: UploadOptions): Promise<void>;
  /**
   * Makes a local file of an object; false when there is none. The file has its name only when it is whole, and takes the place of one that was there. It may be
   * deleted, but never changed: it may be the folder store's own. An object that is replaced meanwhile comes whole or is a PlatformError.
   */
  download(key: string, file: string, options?: TransferOptions): Promise<boolean>;
  /** Keys below a prefix in ascending order. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly bytes: number }>;
  delete(key: string): Promise<void>;
}

export interface QueueMessage {
  readonly body: string;
  /** What `delete` needs; valid until the message becomes visible again. */
  readonly receipt: string;
}

/** A queue with at-least-once delivery (SQS or a folder). */
export interface DeadLetterQueue {
  send(body: string): Promise<void>;
  /** Up to `max` (1 to 10) visible messages; they stay hidden for `hideSeconds`. */
  receive(max: number, hideSeconds: number): Promise<readonly QueueMessage[]>;
  delete(receipt: string): Promise<void>;
  /** Makes a received message visible again at once; one that is visible or gone stays as it is. */
  release(receipt: string): Promise<void>;
}

/** Answers a state that waits for its task token. */
export interface TaskTokens {
  /** `gone`: the token is used, timed out, or not known any more. */
  succeed(token: string, output: string): Promise<'delivered' | 'gone'>;
}

/** Asks about Step Functions executions. */
export interface Executions {
  /** Status of an execution; null when it is not known (any more). */
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

/** What a deployed machine has run. */
export interface MachineHistory {
  /** When the machine was created, in milliseconds since 1970. */
  createdAt(): Promise<number>;
  /** Executions that have ended, the latest start first. */
  executions(): AsyncIterable<EndedExecution>;
  /** JSON text of an execution's input and output, and how it failed; null where there is none. */
  describe(executionArn: string): Promise<Record<'input' | 'output' | 'error' | 'cause', string | null>>;
}

/** How one execution of a deployed machine stands. Times are ISO 8601 in UTC. */
export interface ExecutionFacts {
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly started_at: string;
  readonly ended_at: string | null;
  /** JSON text, of an execution that succeeded. */
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
}

/** A deployed state machine, as those see it who start it. */
export interface StateMachine {
  readonly arn: string;
  /** Null when an execution with this name was started before. */
  start(name: string, input: string): Promise<{ readonly arn: string; readonly started_at: string } | null>;
  /** Null when the execution is not known (any more). */
  describe(executionArn: string): Promise<ExecutionFacts | null>;
  /** The definition in Amazon States Language, as it is deployed now. */
  definition(): Promise<string>;
}

/** Time, injected so that tests and `simulate` can own it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
