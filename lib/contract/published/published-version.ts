import type { JsonObject } from '../json.ts';
import type { CheckResult } from '../records/data-check.ts';
import type { DatasetEntry } from '../records/dataset.ts';
import type { StepMark } from '../records/manifest.ts';
import type { Vouching } from '../records/next.ts';
import type { Maker } from './pointer.ts';

/** A dataset of a version. Its parts lie where the run wrote them: nothing is copied. */
export interface PublishedDataset extends DatasetEntry {
  readonly step: string;
  readonly dataset: string;
}

/** A step with the manifest that committed its data: a published one, or one before it. */
export interface PublishedStep {
  readonly step: string;
  /** Key of the manifest. */
  readonly manifest: string;
  readonly fingerprint: string;
  /** Content digest of the manifest's result, datasets and files. */
  readonly digest: string;
  /** Digest of the handler's code without the runtime. */
  readonly code: string;
  /** The manifest's seal: it covers the checksum of each part and the parts of the fingerprint. */
  readonly manifest_seal: string;
  /** The word of a person, if one vouched for the step. */
  readonly vouched?: Vouching;
  readonly checks: readonly CheckResult[];
  /** The watermarks that its handler asked for; absent if it asked for none. */
  readonly watermarks?: readonly StepMark[];
}

/** `<pipeline>/published/versions/<n>.json`: written once, before the pointer moves. A record that no pointer ever named is of a publish that did not happen. */
export interface PublishedVersion extends Maker {
  readonly format: 1;
  readonly pipeline: string;
  /** The version of the template that made it. */
  readonly pipeline_version: string;
  readonly version: number;
  /** "" for an unpartitioned pipeline. */
  readonly partition: string;
  /** The moment of the record, shortly before the pointer moved. */
  readonly written_at: string;
  readonly input: JsonObject;
  /** Digest of the contents of all datasets: equal for versions with equal data. */
  readonly content: string;
  readonly datasets: readonly PublishedDataset[];
  readonly steps: readonly PublishedStep[];
  /** The steps before them, whose manifests they were made of. */
  readonly upstream: readonly PublishedStep[];
  /** The git commit of the code, with `+` behind it if files were changed; null if no one said it (`DAYBREAK_COMMIT`). */
  readonly commit: string | null;
  /** Digest of everything else in it. */
  readonly seal: string;
}
