import { type StoreAccess, stepAccess } from '../../contract/access.ts';
import type { Grant } from './grant.ts';

/** The store as functions and their roles see it. */
export interface StorePlace {
  /** Name of the bucket. */
  readonly name: string;
  readonly arn: string;
  /** All keys begin with it; empty for none. */
  readonly prefix: string;
  /** ARN of the KMS key that encrypts the bucket; null if AWS manages it. */
  readonly keyArn: string | null;
}

/** Returns the store's address, as `DAYBREAK_STORE` and `--store` take it. */
export function storeUrl({ name, prefix }: StorePlace): string {
  return `s3://${name}${prefix === '' ? '' : `/${prefix.replace(/\/$/, '')}`}`;
}

/** Returns one function's grants for the store: exactly the objects of `access`. */
export function storeGrants(store: StorePlace, access: StoreAccess): Grant[] {
  const objects = (patterns: readonly string[]) => patterns.map((pattern) => `${store.arn}/${store.prefix}${pattern}`);
  return [
    {
      actions: ['s3:GetObject'],
      resources: objects(access.reads),
      because: 'keys carry run ids and source names, which no one knows before',
    },
    {
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resources: objects(access.writes),
      because: 'keys below the runs of this one pipeline carry run ids, which no one knows before',
    },
    ...(access.deletes
      ? [
          {
            actions: ['s3:DeleteObject'],
            resources: objects(access.deletes),
            because: 'it removes old runs, whose ids no one knows before',
          },
        ]
      : []),
    {
      // Without ListBucket S3 answers 403 instead of 404 for a missing key, and every existence check fails. IfExists: S3 makes that check for a GetObject,
      // whose request has no s3:prefix. S3 refuses a list with any other prefix.
      actions: ['s3:ListBucket'],
      resources: [store.arn],
      conditions: { StringLikeIfExists: { 's3:prefix': listed(store, access) } },
    },
    ...(store.keyArn === null ? [] : [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [store.keyArn] }]),
  ];
}

/** Returns every prefix below which the function reads: each pattern up to its first wildcard. */
const listed = ({ prefix }: StorePlace, { reads }: StoreAccess): string[] => [
  ...new Set(reads.map((pattern) => `${prefix}${pattern.split('*')[0] ?? ''}*`)),
];

/**
 * The store's share of a role's inline policies, of which AWS allows 10,240 characters. The rest is for logs, traces, secrets and the template's permissions.
 * The bucket's ARN has some 120 characters in the template, as an import, and some 80 in the policy.
 */
const mostCharacters = 6_000;
const charactersOfBucket = 80;

/** Returns the access of a function that runs these steps, of which one may read what is published: by the steps' names if these fit into a role, otherwise for all steps of the pipeline. */
export function stepsAccess(pipeline: string, steps: readonly string[], readsPublished: boolean): StoreAccess {
  const named = unionOf(steps.map((step) => stepAccess(pipeline, step, readsPublished)));
  const characters = [...named.reads, ...named.writes].reduce((sum, path) => sum + path.length + charactersOfBucket, 0);
  return characters <= mostCharacters ? named : stepAccess(pipeline, '*', readsPublished);
}

const unionOf = (all: readonly StoreAccess[]): StoreAccess => ({
  reads: [...new Set(all.flatMap(({ reads }) => reads))],
  writes: [...new Set(all.flatMap(({ writes }) => writes))],
});
