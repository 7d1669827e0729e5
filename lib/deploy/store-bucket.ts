import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { indexPrefix } from '../contract/index-keys.ts';
import { runsPrefix } from '../contract/object-keys.ts';

/** Retention in days. */
const retention = {
  /** Two quarters. Until then a run can be resumed and compared; after that, its records and data expire. */
  runs: 180,
  /** Overwritten or deleted objects can be restored for a month. */
  noncurrent: 30,
  /** Parts of uploads that a killed function left unfinished. */
  unfinishedUploads: 7,
  accessLogs: 90,
} as const;

const guarded = {
  encryption: BucketEncryption.S3_MANAGED,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN,
} satisfies BucketProps;

/** The bucket behind the ObjectStore port, and a second bucket for its access logs. Runs of the given pipelines expire; sources never do. */
export class StoreBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, pipelines: readonly string[]) {
    super(scope, id);
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...guarded,
      lifecycleRules: [{ id: 'expire-access-logs', expiration: Duration.days(retention.accessLogs) }],
    });
    this.bucket = new Bucket(this, 'Bucket', {
      ...guarded,
      versioned: true,
      // The cast is needed because the CDK does not support exactOptionalPropertyTypes.
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: 'store/',
      lifecycleRules: [
        {
          id: 'tidy-up',
          abortIncompleteMultipartUploadAfter: Duration.days(retention.unfinishedUploads),
          noncurrentVersionExpiration: Duration.days(retention.noncurrent),
          expiredObjectDeleteMarker: true,
        },
        ...[...pipelines].sort().flatMap((pipeline) => [
          { id: `expire-runs-${pipeline}`, prefix: runsPrefix(pipeline), expiration: Duration.days(retention.runs) },
          { id: `expire-index-${pipeline}`, prefix: indexPrefix(pipeline), expiration: Duration.days(retention.runs) },
        ]),
      ],
    });
  }
}
