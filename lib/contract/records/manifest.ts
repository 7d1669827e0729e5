import type { Json, JsonObject } from '../json.ts';
import type { CheckResult } from './data-check.ts';
import type { DatasetEntry, FileEntry } from './dataset.ts';
import type { Vouching } from './next.ts';

/** The parts of a fingerprint, so that a later resume can say why a step runs again. */
export interface FingerprintParts {
  readonly contract: number;
  /** Digest of the handler's code without the runtime. */
  readonly code: string;
  /** The configuration that can change the result. */
  readonly config: JsonObject;
  /** Digest of each top-level key of the input. */
  readonly input: Readonly<Record<string, string>>;
  /** Content digest per dependency; null for one that has no result. */
  readonly upstream: Readonly<Record<string, string | null>>;
  readonly salt?: string;
}

/** In a manifest: how far a step had come in a source before it ran, and how far it came. Null where nothing was published before. */
export interface StepMark {
  readonly name: string;
  readonly read: Json;
  /** Absent if the step set none: then `read` still holds. */
  readonly next?: Json;
}

/** `steps/<step>/manifests/<fingerprint>.json`: the commit record of a step's success; conditional create, first wins. */
export interface Manifest {
  readonly format: 1;
  readonly pipeline: string;
  readonly run_id: string;
  readonly step: string;
  readonly fingerprint: string;
  readonly made_of: FingerprintParts;
  readonly execution: number;
  readonly attempt: number;
  readonly invocation: string;
  readonly started_at: string;
  readonly committed_at: string;
  readonly result: Json;
  readonly datasets: Readonly<Record<string, DatasetEntry>>;
  readonly files: Readonly<Record<string, FileEntry>>;
  /** Results of the checks of its datasets; absent if there are none. */
  readonly checks?: readonly CheckResult[];
  /** The step put rows into a target outside, which those of another execution may have replaced since. */
  readonly loads?: true;
  /** The watermarks that the handler asked for; absent if it asked for none. */
  readonly watermarks?: readonly StepMark[];
  /** Of result, datasets' contents and files: equal for equal content. */
  readonly digest: string;
  /** Present if a person vouched for the step, and no handler made the result. */
  readonly vouched?: Vouching;
  /** Digest of everything else in the manifest, the list of parts included. */
  readonly seal: string;
}
