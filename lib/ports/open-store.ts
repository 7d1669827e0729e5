import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PermanentError } from '../contract/errors.ts';
import type { Origin } from '../contract/records/run.ts';
import type { Environment } from './aws/aws-client-settings.ts';
import { checkKey, reservedSegment } from './object-key.ts';
import type { ObjectStore } from './ports.ts';

/** Opens the store at `s3://<bucket>`, `s3://<bucket>/<prefix>` or `file:///folder`. It loads the AWS SDK only for S3. */
export async function openStore(url: string, env: Environment = process.env): Promise<ObjectStore> {
  if (url.startsWith('file:///')) {
    const { FolderObjectStore } = await import('./folder/folder-object-store.ts');
    const { BorrowingStore } = await import('./borrowing-store.ts');
    const folder = fileURLToPath(url);
    const openOrigin = ({ store, region }: Pick<Origin, 'store' | 'region'>) =>
      openStore(store, region === undefined ? env : { ...env, AWS_REGION: region });
    return new BorrowingStore(new FolderObjectStore(folder), openOrigin, join(folder, reservedSegment, 'fetched'));
  }
  const { bucket, prefix = '' } =
    /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(\/(?<prefix>[^?#]*?))?\/?$/.exec(url)?.groups ?? {};
  if (bucket === undefined) {
    throw new PermanentError(
      `"${url}" is not a store: s3://<bucket>, s3://<bucket>/<prefix> or file:///<folder> is needed`,
    );
  }
  const { openS3Store } = await import('./aws/open-s3-store.ts');
  const store = openS3Store(bucket, env);
  if (prefix === '') return store;
  checkKey(prefix);
  const { PrefixedStore } = await import('./prefixed-store.ts');
  return new PrefixedStore(store, `${prefix}/`);
}
