/** Records of versions: what Finalize writes, and what readers get. */
import { digestOf } from '../../contract/fingerprint.ts';
import { executionKey, versionKey } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { VersionSummary } from '../../contract/published/pointer.ts';
import type { PublishSetting } from '../../contract/published/publish-setting.ts';
import type { PublishedDataset, PublishedStep, PublishedVersion } from '../../contract/published/published-version.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readManifest } from '../manifests/manifest.ts';
import { executionInput } from '../records/execution-input.ts';
import { createOrRead, readJson } from '../records/json-objects.ts';
import { sealed } from '../records/seal.ts';
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
    const { fingerprint, digest, made_of, checks = [] } = manifest;
    steps.push({ step, manifest: key, fingerprint, digest, code: made_of.code, checks });
  }
  return {
    ...{ format: 1, pipeline: run.pipeline, pipeline_version: record?.version ?? '', partition },
    ...{ run_id: run.run_id, execution: run.execution, written_at: at, input },
    content: digestOf(datasets.map(({ step, dataset, content_digest }) => [step, dataset, content_digest])).slice(
      0,
      32,
    ),
    ...{ datasets, steps },
  };
}

async function manifestOf(store: ObjectStore, step: string, { run, outcomes }: Drafting) {
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
