import type { Json } from '../../contract/json.ts';
import { manifestKey } from '../../contract/object-keys.ts';
import type { CheckResult } from '../../contract/records/data-check.ts';
import type { DatasetEntry, FileEntry } from '../../contract/records/dataset.ts';
import type { Manifest, StepMark } from '../../contract/records/manifest.ts';
import type { Work } from '../invocation.ts';
import { contentDigest, isWhole } from '../manifests/manifest.ts';
import { createOrRead, isoTime } from '../records/json-objects.ts';
import { brokenSeal, sealed } from '../records/seal.ts';
import { fingerprintParts } from '../records/step-fingerprint.ts';

/** The output of a handler, stored but not visible yet. */
export interface Output {
  readonly result: Json;
  readonly datasets: Readonly<Record<string, DatasetEntry>>;
  readonly files: Readonly<Record<string, FileEntry>>;
  /** Results of the checks; absent for a step without checks. */
  readonly checks?: readonly CheckResult[];
  /** The handler put rows into a target outside. */
  readonly loads?: true;
  /** Watermarks that the handler asked for; absent if it asked for none. */
  readonly watermarks?: readonly StepMark[];
  readonly startedAt: string;
  /** Of the first attempt in this execution. */
  readonly firstStartedAt: string;
}

/** Makes a whole output visible at once, unless another attempt was first. Returns the manifest that counts. If several attempts replace one broken manifest, the first wins too. */
export async function commit(work: Work, output: Output): Promise<Manifest> {
  const { run, step, attempt } = work.payload;
  const { ports, invocationId } = work.invocation;
  const { result, datasets, files, checks, loads, watermarks } = output;
  const manifest: Manifest = sealed({
    format: 1 as const,
    pipeline: run.pipeline,
    run_id: run.run_id,
    step: step.name,
    fingerprint: work.fingerprint,
    made_of: fingerprintParts(run, step, work.input, work.upstream),
    execution: run.execution,
    attempt,
    invocation: invocationId,
    started_at: output.startedAt,
    committed_at: isoTime(ports.clock.now()),
    result,
    datasets,
    files,
    ...(checks && { checks }),
    ...(loads && { loads }),
    ...(watermarks && { watermarks }),
    digest: contentDigest(output),
  });
  const key = manifestKey(run, step.name, work.fingerprint);
  const { document, created } = await createOrRead(ports.store, key, manifest, work.replaces);
  if (created || isWhole(document)) return document;
  throw brokenSeal(`${ports.store.url}/${key}`);
}
