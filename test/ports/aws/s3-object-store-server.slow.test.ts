import { afterAll } from 'vitest';
import { S3ObjectStore } from '../../../lib/ports/aws/s3-object-store.ts';
import { describeObjectStore } from '../object-store.conformance.ts';
import { startServer } from './fauxqs.ts';

const server = await startServer();
afterAll(() => server.stop());

// fauxqs 1.9 ignores If-None-Match and If-Match on PutObject: it overwrites, without a word; and it lists in the order of the
// machine's language. The mocked S3 and the proxy of s3-wire-faults.test.ts stand in for both.
describeObjectStore('S3ObjectStore on fauxqs', async () => new S3ObjectStore(server.s3, server.bucket()), {
  conditionalWrites: false,
  utf8Order: false,
});
