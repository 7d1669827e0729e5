import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';

/** Settings of an AWS client for a server on loopback. */
const clientSettings = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** A server of the SQS and S3 protocols on loopback; each call of `bucket` and `queue` makes a new one. */
export async function startServer() {
  const server = await startFauxqs({ port: 0, logger: false });
  const settings = clientSettings(server.address);
  let made = 0;
  const next = (kind: string): string => {
    made += 1;
    return `${kind}-${made}`;
  };
  return {
    address: server.address,
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    sqs: new SQSClient(settings),
    bucket: (): string => server.createBucket(next('bucket')).bucketName,
    queue: (): string => server.createQueue(next('queue')).queueUrl,
    stop: () => server.stop(),
  };
}
