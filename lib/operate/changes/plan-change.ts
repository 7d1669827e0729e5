/** Decides what a change of a pipeline does: which steps run again, and which of their datasets are out of date. It compares and starts nothing. */

import { breakingChanges, breakingChangeText } from '../../columns/breaking-changes.ts';
import { type ColumnDifference, columnDifferences } from '../../columns/column-differences.ts';
import type { JsonObject } from '../../contract/json.ts';
import { earlierStep } from '../../contract/partitions/window.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { DefinitionFacts, StepFacts } from '../resume/definition-facts.ts';
import { differences, shortList } from '../resume/differences.ts';
import { definitionOf, type LastMade } from './last-made.ts';

/**
 * `changed`: its code, SQL, configuration or dependencies are others. `downstream`: a step before it is changed, so it runs again if that one comes to another result. `added`, `removed`: only one side has it. `same`: its
 * results hold.
 */
type ChangeKind = 'added' | 'changed' | 'downstream' | 'same' | 'removed';

export interface ChangedStep {
  readonly step: string;
  readonly change: ChangeKind;
  /** The reasons of `changed`; for `downstream` the changed steps before it. */
  readonly because: readonly string[];
}

export interface ChangedDataset {
  readonly step: string;
  readonly dataset: string;
  /** `stale`: what readers have is not what the new code makes. `perhaps`: only if a step before it comes to another result. */
  readonly change: 'added' | 'stale' | 'perhaps' | 'same' | 'removed';
  readonly published: boolean;
  /** Differences to the columns of the last run; null if the new columns are known only in a run, or there was no last run. */
  readonly columns: readonly ColumnDifference[] | null;
  /** Of a published dataset: the differences that its readers do not survive, in words. Publishing refuses them without `breaking: true`. */
  readonly breaks: readonly string[];
  /** Of the last run; null if it has none. */
  readonly rows: number | null;
}

export interface PlannedChange {
  readonly steps: readonly ChangedStep[];
  readonly datasets: readonly ChangedDataset[];
}

export interface ChangeOptions {
  /** The pipeline as it would be. */
  readonly now: DefinitionFacts;
  /** The definition that it replaces, if it is known: a deployed one. Otherwise the last run is compared with. */
  readonly before: DefinitionFacts | null;
  readonly last: LastMade | null;
  /** The columns of a dataset by the new code; null if only a run knows them. */
  readonly columnsOf: (step: string, dataset: string) => Readonly<Record<string, string>> | null;
  /** The names of a step's datasets by the new code; null if only a run knows them. */
  readonly datasetsOf: (step: string) => readonly string[] | null;
  readonly isPublished: (step: string, dataset: string) => boolean;
  /** Name of the file of a step, or null. */
  readonly fileOf: (step: string) => string | null;
}

export function planChange(options: ChangeOptions): PlannedChange {
  const steps = changedSteps(options);
  const datasets = steps.flatMap((step) => changedDatasets(step, options));
  return { steps, datasets };
}

function changedSteps(options: ChangeOptions): ChangedStep[] {
  const { now } = options;
  const before = beforeOf(options);
  const found = new Map<string, ChangedStep>();
  for (const step of now.steps) {
    const old = before.get(step.name);
    const reasons = old ? reasonsOf(step, old, options) : [];
    const upstream = step.dependencies.flatMap((name) => causesOf(name, found.get(name)));
    const change = !old ? 'added' : reasons.length > 0 ? 'changed' : upstream.length > 0 ? 'downstream' : 'same';
    const because = change === 'changed' ? reasons : change === 'downstream' ? [...new Set(upstream)] : [];
    found.set(step.name, { step: step.name, change, because });
  }
  const removed = [...before.keys()].filter((name) => !found.has(name));
  return [...found.values(), ...removed.map((step): ChangedStep => ({ step, change: 'removed', because: [] }))];
}

/** The changed steps on whose account one that depends on this one may come to another result. */
const causesOf = (name: string, step: ChangedStep | undefined): readonly string[] =>
  !step || step.change === 'same' ? [] : step.change === 'downstream' ? step.because : [name];

interface Before {
  readonly definition: string;
  readonly dependencies: readonly string[];
  /** Compared by prefix. */
  readonly code: string;
  /** Null if only its digest is known. */
  readonly config: JsonObject | null;
}

function beforeOf({ before, last }: ChangeOptions): ReadonlyMap<string, Before> {
  const made = new Map(
    [...(last?.manifests ?? [])].map(([name, manifest]) => [name, beforeOfManifest(manifest)] as const),
  );
  if (!before) return made;
  return new Map(
    before.steps.map((step) => {
      const run = made.get(step.name);
      // The last run tells the keys of a configuration, if it ran the deployed definition.
      return [step.name, run?.definition === step.definition ? run : { ...step, config: null }] as const;
    }),
  );
}

const beforeOfManifest = (manifest: Manifest): Before => ({
  definition: definitionOf(manifest),
  dependencies: Object.keys(manifest.made_of.upstream)
    .filter((name) => name !== earlierStep)
    .sort(),
  code: manifest.made_of.code,
  config: manifest.made_of.config,
});

function reasonsOf(step: StepFacts, old: Before, { fileOf }: ChangeOptions): string[] {
  const joined = [
    ...step.dependencies.filter((name) => !old.dependencies.includes(name)).map((name) => `depends on ${name}`),
    ...old.dependencies
      .filter((name) => !step.dependencies.includes(name))
      .map((name) => `no longer depends on ${name}`),
  ];
  if (step.definition === old.definition) return joined;
  const isSameCode = step.code.startsWith(old.code) || old.code.startsWith(step.code);
  const file = fileOf(step.name);
  const paths = old.config && step.config ? differences(old.config, step.config as JsonObject) : [];
  const config = paths.length > 0 ? [`configuration: ${shortList(paths)}`] : isSameCode ? ['configuration'] : [];
  return [...(isSameCode ? [] : [file === null ? 'code' : `code: ${file}`]), ...config, ...joined];
}

function changedDatasets({ step, change }: ChangedStep, options: ChangeOptions): ChangedDataset[] {
  const { last, columnsOf, datasetsOf, isPublished } = options;
  const made = new Map(Object.entries(last?.manifests.get(step)?.datasets ?? {}));
  const now = change === 'removed' ? [] : (datasetsOf(step) ?? [...made.keys()]);
  return [...new Set([...now, ...made.keys()])].map((dataset): ChangedDataset => {
    const old = made.get(dataset);
    const columns = now.includes(dataset) ? columnsOf(step, dataset) : null;
    const published = isPublished(step, dataset);
    const broken = old && columns && published ? breakingChanges(schemaOf(old.columns), schemaOf(columns)) : [];
    return {
      step,
      dataset,
      change: !now.includes(dataset) ? 'removed' : !old ? 'added' : stateOf(change),
      published,
      breaks: broken.map(breakingChangeText),
      columns: old && columns ? columnDifferences(old.columns, columns) : null,
      rows: old?.rows ?? null,
    };
  });
}

/** Checks of nulls are compared when a run publishes. */
const schemaOf = (columns: Readonly<Record<string, string>>) => ({ columns, required: [] });

const stateOf = (change: ChangeKind): ChangedDataset['change'] =>
  change === 'changed' || change === 'added' ? 'stale' : change === 'downstream' ? 'perhaps' : 'same';
