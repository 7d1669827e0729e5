import { type StoreAccess, stepAccess } from '../../contract/access.ts';
import type { Grant } from './grant.ts';

/** The bucket as other stacks see it. */
export interface Store {
  readonly name: string;
  readonly arn: string;
}

/** One function's access to the store: exactly the objects of `access`. Nothing is ever deleted: lifecycle rules do that. */
export function storeGrants(store: Store, access: StoreAccess): Grant[] {
  return [
    {
      actions: ['s3:GetObject'],
      resources: access.reads.map((pattern) => `${store.arn}/${pattern}`),
      because: 'keys carry run ids and source names, which nobody knows before',
    },
    {
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resources: access.writes.map((pattern) => `${store.arn}/${pattern}`),
      because: 'keys below the runs of this one pipeline carry run ids, which nobody knows before',
    },
    {
      // Without it a missing key answers 403 instead of 404, and every "is it there yet?" fails.
      // IfExists: the check behind that 404 is of a GetObject, whose request has no s3:prefix. A list of any other prefix is refused.
      actions: ['s3:ListBucket'],
      resources: [store.arn],
      conditions: { StringLikeIfExists: { 's3:prefix': listed(access) } },
    },
  ];
}

/** Every prefix below which the function reads: each pattern up to its first wildcard. */
const listed = ({ reads }: StoreAccess): string[] => [
  ...new Set(reads.map((pattern) => `${pattern.split('*')[0] ?? ''}*`)),
];

/**
 * A role holds 10,240 characters of inline policies. The store's share of them is at most this many, so that logs, traces, secrets and what the
 * template declares fit beside it. The bucket's ARN stands in the template as an import of some 120 characters and in the policy as some 80.
 */
const mostCharacters = 6_000;
const charactersOfBucket = 80;

/** Access of a function that runs these steps: by the steps' names as long as these fit into a role, else all steps of the pipeline together. */
export function stepsAccess(pipeline: string, steps: readonly string[]): StoreAccess {
  const named = unionOf(steps.map((step) => stepAccess(pipeline, step)));
  const characters = [...named.reads, ...named.writes].reduce((sum, path) => sum + path.length + charactersOfBucket, 0);
  return characters <= mostCharacters ? named : stepAccess(pipeline, '*');
}

const unionOf = (all: readonly StoreAccess[]): StoreAccess => ({
  reads: [...new Set(all.flatMap(({ reads }) => reads))],
  writes: [...new Set(all.flatMap(({ writes }) => writes))],
});
