import { type StoreAccess, stepAccess } from '../../contract/access.ts';
import { runsPrefix, sourcesPrefix } from '../../contract/object-keys.ts';
import type { Grant } from './grant.ts';

/** The bucket as other stacks see it. */
export interface Store {
  readonly name: string;
  readonly arn: string;
}

/** One function's access to the store: exactly the objects of `access`. Nothing is ever deleted: lifecycle rules do that. */
export function storeGrants(store: Store, pipeline: string, access: StoreAccess): Grant[] {
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
      // IfExists: the check behind that 404 is of a GetObject, whose request has no s3:prefix. A list with another pipeline's prefix is refused.
      actions: ['s3:ListBucket'],
      resources: [store.arn],
      conditions: { StringLikeIfExists: { 's3:prefix': [`${runsPrefix(pipeline)}*`, `${sourcesPrefix}*`] } },
    },
  ];
}

/** A role holds 10,240 characters of inline policies; beyond this many steps their keys are granted together. */
const mostNamedSteps = 20;

/** Access of a function that runs these steps. */
export function stepsAccess(pipeline: string, steps: readonly string[]): StoreAccess {
  const named = steps.length <= mostNamedSteps ? steps : ['*'];
  const all = named.map((step) => stepAccess(pipeline, step));
  const union = (of: (access: StoreAccess) => readonly string[]) => [...new Set(all.flatMap(of))];
  return { reads: union(({ reads }) => reads), writes: union(({ writes }) => writes) };
}
