import { runsPrefix, sourcesPrefix } from '../contract/object-keys.ts';
import type { Grant } from './grant.ts';

/** The bucket as other stacks see it. */
export interface Store {
  readonly name: string;
  readonly arn: string;
}

/**
 * Access of one pipeline's functions to the store: read and write below its own runs, read `sources/`. Nothing is ever overwritten in place or deleted:
 * lifecycle rules do that.
 */
export const storeGrants = (store: Store, pipeline: string): Grant[] => [
  {
    actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
    resources: [`${store.arn}/${runsPrefix(pipeline)}*`],
    because: 'keys below the runs of this one pipeline carry run ids, which nobody knows before',
  },
  {
    actions: ['s3:GetObject'],
    resources: [`${store.arn}/${sourcesPrefix}*`],
    because: 'handlers read the source objects that people put there under names of their own',
  },
  {
    // Without it a missing key answers 403 instead of 404, and every "is it there yet?" fails.
    // IfExists: the check behind that 404 is of a GetObject, whose request has no s3:prefix. A list with another pipeline's prefix is refused.
    actions: ['s3:ListBucket'],
    resources: [store.arn],
    conditions: { StringLikeIfExists: { 's3:prefix': [`${runsPrefix(pipeline)}*`, `${sourcesPrefix}*`] } },
  },
];
