/** The contract with readers: a version does not break the schema of the one that they see. */
import { breakingChanges, breakingChangeText, type ReadSchema } from '../../columns/breaking-changes.ts';
import { versionKey } from '../../contract/object-keys.ts';
import type { Pointer } from '../../contract/published/pointer.ts';
import type { PublishedDataset, PublishedStep, PublishedVersion } from '../../contract/published/published-version.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readIntact } from '../records/json-objects.ts';
import { hasItsSeal } from '../records/seal.ts';
import { partitionRow } from './pointer-changes.ts';

/** The part of a version that its readers rely on. */
export interface Contract {
  readonly pipeline_version: string;
  readonly datasets: readonly Pick<PublishedDataset, 'step' | 'dataset' | 'columns'>[];
  readonly steps: readonly Pick<PublishedStep, 'step' | 'checks'>[];
}

/** The breaking changes between two versions, in words; empty if the pipeline has a new major version. */
export function brokenContract(before: Contract, after: Contract): string[] {
  if (majorOf(after) > majorOf(before)) return [];
  return before.datasets.flatMap((one) => {
    const { step, dataset } = one;
    const name = `${step}.${dataset}`;
    const now = after.datasets.find((other) => other.step === step && other.dataset === dataset);
    if (!now) return [`dataset ${name} is no longer published`];
    const changes = breakingChanges(schemaOf(one, before), schemaOf(now, after));
    return changes.map((change) => `${name}: ${breakingChangeText(change)}`);
  });
}

function schemaOf({ step, dataset, columns }: Contract['datasets'][number], { steps }: Contract): ReadSchema {
  const checks = steps.find((one) => one.step === step)?.checks ?? [];
  const required = checks.flatMap((check) =>
    check.dataset === dataset && (check.passed || check.on_violation === 'quarantine') ? (check.columns ?? []) : [],
  );
  return { columns, required };
}

/** NaN of a version that does not begin with a number: then no version is greater. */
const majorOf = ({ pipeline_version: version }: Contract): number => Number(/^v?(\d+)(?:\.|$)/.exec(version)?.[1]);

/** The version that readers of a partition see, or of any partition, if this one is new: they share their readers. */
export function versionBefore(pointer: Pointer, partition: string): number | null {
  const own = partitionRow(pointer, partition).current;
  if (own !== null) return own;
  const others = pointer.partitions.flatMap(({ current }) => current ?? []);
  return others.length > 0 ? Math.max(...others) : null;
}

const wayOut = 'give the pipeline a new major version, or set "breaking: true" under "publish" for this change';

/** The reason why a draft must not become the current version; null if readers survive it. */
export async function refuseBreaking(
  store: ObjectStore,
  pointer: Pointer,
  draft: Contract & Pick<PublishedVersion, 'partition'>,
): Promise<string | null> {
  const version = versionBefore(pointer, draft.partition);
  if (version === null) return null;
  const before = await readIntact<PublishedVersion>(store, versionKey(pointer.pipeline, version));
  if (before?.format !== 1 || !hasItsSeal(before))
    return `the record of version ${version}, which readers see, cannot be read, so no one knows what they rely on; ${wayOut}`;
  const broken = brokenContract(before, draft);
  if (broken.length === 0) return null;
  const listed = broken.slice(0, 10).map((line) => `\n- ${line}`);
  const more = broken.length > 10 ? `\n- and ${broken.length - 10} more` : '';
  return `it would break readers of version ${version}:${listed.join('')}${more}\n${wayOut}`;
}
