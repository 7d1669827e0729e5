import { S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../ports.ts';
import { awsClientSettings, type Environment } from './aws-client-settings.ts';
import { S3ObjectStore } from './s3-object-store.ts';

/** Opens the store in an S3 bucket. It is a separate module for lazy import: the bundler then includes only the parts of the SDK that this module names. */
export function openS3Store(bucket: string, env: Environment): ObjectStore {
  const settings = awsClientSettings(env, 'S3');
  // Emulators behind one endpoint have no host name per bucket.
  const client = new S3Client({ ...settings, forcePathStyle: settings.endpoint !== undefined });
  return new S3ObjectStore(client, bucket);
}
