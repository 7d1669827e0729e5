import type { Json } from '../json.ts';

/** In the pointer, with a version: the value that the runs after it read. */
export interface PublishedMark {
  readonly step: string;
  readonly name: string;
  readonly value: Json;
}

/** `steps/<step>/watermarks/<name>.json`: the value that a run works with; conditional create, so all attempts and executions of the run have the first one. */
export interface MarkRead {
  readonly name: string;
  readonly value: Json;
  readonly read_at: string;
  readonly execution: number;
}
