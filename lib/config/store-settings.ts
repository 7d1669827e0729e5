import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { z } from 'zod';
import { alertsSetting, encryptionKeySetting, removalPolicySetting, tagsSetting } from './pipeline-settings.ts';
import { anyOf, group, setting, textLike, wholeNumber, withMember } from './setting.ts';

const days = (fallback: number, meaning: string) =>
  setting<number>(wholeNumber(1, 36_500), { allowed: 'days, from 1 to 36,500', fallback: String(fallback), meaning });

/** Retention in days, where the configuration names none. */
export const retentionDefaults = {
  /** Two quarters. Until then a run can be resumed and compared; after that it is removed, unless something needs it. */
  runs: 180,
  /** Overwritten or deleted objects can be restored for a month. */
  oldVersions: 30,
  accessLogs: 90,
} as const;

/** The settings of a store: props of `PipelineStore`, and the key `store` of daybreak.config.ts. */
export const storeShape = {
  bucket: setting<string | IBucket>(
    anyOf(textLike(/^(arn:[a-z-]+:s3:::)?[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/), withMember('bucketArn')),
    {
      allowed: 'the name or ARN of an existing bucket; in a construct also `IBucket`',
      fallback: 'a new bucket',
      meaning: 'An existing bucket. Daybreak changes none of its policies, rules and settings.',
    },
  ),
  prefix: setting<string>(textLike(/^([A-Za-z0-9!_.*'()=-]+\/)+$/), {
    allowed: 'the beginning of keys, with a slash at its end: `daybreak/`',
    fallback: 'none',
    meaning: 'All keys of the store begin with it; functions may reach no others.',
  }),
  encryptionKey: encryptionKeySetting(
    "Encrypts a new bucket and the topics. For an existing bucket it is the bucket's own key, which the functions may then use.",
  ),
  retention: group(
    {
      runs: days(
        retentionDefaults.runs,
        'Days after which a run is removed as a whole, unless something needs it. With an existing bucket, runs stay if it is not given.',
      ),
      oldVersions: days(retentionDefaults.oldVersions, 'Days until overwritten and deleted objects are gone.'),
      accessLogs: days(retentionDefaults.accessLogs, 'Days until access logs expire.'),
    },
    {
      allowed: '`runs`, `oldVersions` and `accessLogs`, in days; for an existing bucket `runs` alone',
      fallback: '180, 30 and 90 days',
      meaning: 'The times after which old runs are removed, and other objects of a new bucket expire.',
    },
  ),
  removalPolicy: removalPolicySetting(
    'The fate of a new bucket when its stack is removed. `destroy` deletes it only if it is empty.',
  ),
  dashboard: setting<boolean>((value) => typeof value === 'boolean', {
    allowed: '`true` or `false`',
    fallback: '`true`',
    meaning:
      'False makes no dashboard of all pipelines in CloudWatch. It costs $3 a month beyond the first three of the account.',
  }),
  alerts: alertsSetting(),
  tags: tagsSetting(),
};

export const storeSettings = z.strictObject(storeShape);

/** Settings of a store. */
export type StoreSettings = Readonly<z.input<typeof storeSettings>>;
