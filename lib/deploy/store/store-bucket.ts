import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Duration, type RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { subscribersPrefix } from '../../contract/object-keys.ts';

/** Days until parts of uploads go that a killed function left unfinished. */
const unfinishedUploadDays = 7;

export interface StoreBucketProps {
  /** Begins all keys. */
  readonly prefix: string;
  /** Null for keys that S3 manages. */
  readonly encryptionKey: IKey | null;
  /** In days. */
  readonly retention: { readonly runs: number; readonly oldVersions: number; readonly accessLogs: number };
  readonly removalPolicy: RemovalPolicy;
}

/** The bucket behind the ObjectStore port, and a second bucket for its access logs. Sources never expire. */
export class StoreBucket extends Construct {
  readonly bucket: Bucket;
  readonly #props: StoreBucketProps;

  constructor(scope: Construct, id: string, props: StoreBucketProps) {
    super(scope, id);
    this.#props = props;
    const { encryptionKey, retention, removalPolicy } = props;
    const guarded = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy,
    } satisfies BucketProps;
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...guarded,
      // S3 cannot write access logs under a key of yours.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ id: 'expire-access-logs', expiration: Duration.days(retention.accessLogs) }],
    });
    this.bucket = new Bucket(this, 'Bucket', {
      ...guarded,
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      versioned: true,
      // The cast is needed because the CDK does not support exactOptionalPropertyTypes.
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: 'store/',
      lifecycleRules: [
        {
          id: 'tidy-up',
          abortIncompleteMultipartUploadAfter: Duration.days(unfinishedUploadDays),
          noncurrentVersionExpiration: Duration.days(retention.oldVersions),
          expiredObjectDeleteMarker: true,
        },
      ],
    });
  }

  /** Lets the marks of subscribers expire: an event comes again only while its run is there. */
  expireMarks(): void {
    const { prefix, retention } = this.#props;
    this.bucket.addLifecycleRule({
      id: 'expire-marks-of-subscribers',
      prefix: `${prefix}${subscribersPrefix}`,
      expiration: Duration.days(retention.runs),
    });
  }
}
