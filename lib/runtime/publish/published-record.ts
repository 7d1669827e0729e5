/** Records of versions: what Finalize writes, and what readers get. */
import { DamagedRecordError, PermanentError } from '../../contract/errors.ts';
import { digestOf } from '../../contract/fingerprint.ts';
import { executionKey, versionKey } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { VersionSummary } from '../../contract/published/pointer.ts';
import type { PublishSetting } from '../../contract/published/publish-setting.ts';
import type { PublishedDataset, PublishedStep, PublishedVersion } from '../../contract/published/published-version.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readManifest } from '../manifests/manifest.ts';
import { eachOf } from '../records/each-of.ts';
import { executionInput } from '../records/execution-input.ts';
import { createOrRead, readJson } from '../records/json-objects.ts';
import { hasItsSeal, sealed } from '../records/seal.ts';
import { readOutcome } from '../records/settle.ts';

/** The record of a version that has no number yet. */
export type Draft = Omit<PublishedVersion, 'version' | 'seal'>;

interface Drafting {
  readonly run: RunContext;
  readonly partition: string;
  readonly setting: Pick<PublishSetting, 'datasets'>;
  /** As far as Finalize has read them. */
  readonly outcomes: readonly (Pick<Outcome, 'step'> & Partial<Pick<Outcome, 'manifest'>>)[];
  readonly at: string;
}

/** Everything that an execution would publish, from the manifests of its steps; or the reason why there is something missing. */
export async function draftVersion(store: ObjectStore, of: Drafting): Promise<Draft | { readonly fault: string }> {
  const { run, partition, setting, at } = of;
  const names = Object.keys(setting.datasets);
  const [record, input, manifests] = await Promise.all([
    readJson<ExecutionRecord>(store, executionKey(run)),
    executionInput(store, run),
    Promise.all(names.map((step) => manifestOf(store, step, of))),
  ]);
  const datasets: PublishedDataset[] = [];
  const steps: PublishedStep[] = [];
  for (const [index, step] of names.entries()) {
    const found = manifests[index];
    if (!found) return { fault: `step "${step}" has no data in this execution` };
    const { manifest, key } = found;
    const made = new Map(Object.entries(manifest.datasets));
    for (const dataset of setting.datasets[step] ?? []) {
      const entry = made.get(dataset);
      if (!entry) return { fault: missing(step, dataset, [...made.keys()]) };
      datasets.push({ step, dataset, ...entry });
    }
    steps.push(publishedStep(key, manifest));
  }
  const upstream = await upstreamOf(
    store,
    manifests.flatMap((one) => one ?? []),
    of,
  );
  return {
    ...{ format: 1, pipeline: run.pipeline, pipeline_version: record?.version ?? '', partition },
    ...{ run_id: run.run_id, execution: run.execution, written_at: at, input },
    content: contentOf(datasets),
    ...{ datasets, steps, upstream },
    commit: commitIn(process.env),
  };
}

/** The digest of the contents of all datasets. */
export function contentOf(datasets: readonly PublishedDataset[]): string {
  return digestOf(datasets.map(({ step, dataset, content_digest }) => [step, dataset, content_digest])).slice(0, 32);
}

interface FoundManifest {
  readonly key: string;
  readonly manifest: Manifest;
}

function publishedStep(
  key: string,
  { step, fingerprint, digest, made_of, seal, vouched, watermarks, checks = [] }: Manifest,
): PublishedStep {
  const { code } = made_of;
  return {
    ...{ step, manifest: key, fingerprint, digest, code, manifest_seal: seal },
    ...(vouched && { vouched }),
    checks,
    ...(watermarks && { watermarks }),
  };
}

/** The manifests that the published ones were made of, and so on to the first steps. A dependency without a result has no manifest. */
async function upstreamOf(
  store: ObjectStore,
  published: readonly FoundManifest[],
  of: Drafting,
): Promise<PublishedStep[]> {
  const seen = new Set(published.map(({ manifest }) => manifest.step));
  const found: PublishedStep[] = [];
  for (let latest = published; latest.length > 0; ) {
    const named = latest.flatMap(({ manifest }) => Object.entries(manifest.made_of.upstream));
    const next = [
      ...new Set(named.flatMap(([step, digest]) => (digest === null || seen.has(step) ? [] : [step]))),
    ].sort();
    for (const step of next) seen.add(step);
    latest = (await eachOf(next, 8, (step) => manifestOf(store, step, of))).flatMap((one) => one ?? []);
    found.push(...latest.map(({ key, manifest }) => publishedStep(key, manifest)));
  }
  return found;
}

/** The commit that the deployment, or the run on this machine, names. */
const commitIn = ({ DAYBREAK_COMMIT: commit = '' }: Readonly<Record<string, string | undefined>>): string | null =>
  /^[0-9a-f]{7,64}\+?$/.test(commit) ? commit : null;

async function manifestOf(
  store: ObjectStore,
  step: string,
  { run, outcomes }: Drafting,
): Promise<FoundManifest | null> {
  const settled = outcomes.find((outcome) => outcome.step === step);
  const key = settled?.manifest ?? (await readOutcome(store, run, step))?.manifest;
  const manifest = key == null ? null : await readManifest(store, key);
  return manifest && key != null ? { manifest, key } : null;
}

const missing = (step: string, dataset: string, made: readonly string[]): string =>
  `step "${step}" wrote no dataset "${dataset}"; it wrote ${made.map((name) => `"${name}"`).join(', ') || 'none'}`;

/**
 * Writes the record under the first number, from this one, that no other execution has taken; answers the number. A number that an earlier attempt of the same execution took is taken
 * again: its record names the same data.
 */
export async function claimVersion(store: ObjectStore, draft: Draft, from: number): Promise<PublishedVersion> {
  for (let version = from; ; version += 1) {
    const key = versionKey(draft.pipeline, version);
    const { document } = await createOrRead(store, key, sealed({ ...draft, version }));
    const isOurs = document.run_id === draft.run_id && document.execution === draft.execution;
    if (isOurs && document.content === draft.content) return document;
  }
}

/** The record of a version that the pointer names. Throws for a record that is missing, changed since it was written, or of an unknown form. */
export async function readVersion(store: ObjectStore, pipeline: string, version: number): Promise<PublishedVersion> {
  const key = versionKey(pipeline, version);
  const found = await readJson<PublishedVersion>(store, key);
  if (!found) throw new DamagedRecordError(store.url, key, 'it is missing, although the pointer names it');
  if (found.format !== 1)
    throw new PermanentError(`${store.url}/${key} has format ${found.format}; this version of Daybreak knows format 1`);
  if (!hasItsSeal(found)) throw new DamagedRecordError(store.url, key, 'its seal does not match its content');
  return found;
}

/** The facts of a version for lists. */
export function summaryOf({ run_id, execution, datasets, steps }: Draft): VersionSummary {
  const sum = (of: 'rows' | 'bytes'): number => datasets.reduce((total, dataset) => total + dataset[of], 0);
  const checks = steps.flatMap((step) => step.checks);
  const violated = checks.filter(({ passed }) => !passed).length;
  return { run_id, execution, rows: sum('rows'), bytes: sum('bytes'), checks: checks.length, violated };
}

/** Runs, other than its own, in which data of a version lies. */
export function otherRuns({ run_id, datasets }: Draft): readonly string[] {
  const runs = datasets.flatMap(({ parts }) => parts.map(({ key }) => key.split('/')[2] ?? ''));
  return [...new Set(runs)].filter((run) => run !== run_id).sort();
}
