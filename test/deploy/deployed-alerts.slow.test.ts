import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, expect, test } from 'vitest';
import { platformBundle } from '../../lib/bundle/bundle-functions.ts';
import { runtimeLayer } from '../../lib/bundle/layers/runtime-layer.ts';
import { type AlertSettings, alertsFile } from '../../lib/contract/events/alert-settings.ts';
import { deadLetterKey } from '../../lib/contract/object-keys.ts';
import type { DeadLetter } from '../../lib/contract/records/dead-letter.ts';
import { S3ObjectStore } from '../../lib/ports/aws/s3-object-store.ts';
import { incident, keepIncidents, settings } from '../alerts/delivery/incidents.ts';
import { startVendor } from '../alerts/vendors/vendor-server.ts';
import { startServer } from '../ports/aws/fauxqs.ts';

const server = await startServer();
afterAll(() => server.stop());
const layer = await runtimeLayer(mkdtempSync(join(tmpdir(), 'daybreak-runtime-')), 'the sources of this test');
const { files } = platformBundle({ runtime: join(layer.folder, 'nodejs/daybreak') });
const access = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** The deployed code of the function with these settings, in a folder. */
function deployed(alerts: AlertSettings) {
  const folder = mkdtempSync(join(tmpdir(), 'daybreak-alerts-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, alertsFile), JSON.stringify(alerts));
  return folder;
}

const script = `import('./Alerts.mjs').then(({ handler }) => handler({}))
  .then((answer) => console.log(JSON.stringify(answer)), (error) => console.log(error.message)).finally(() => process.exit(0))`;

const environment = (folder: string, bucket: string) => ({
  ...access,
  DAYBREAK_STORE: `s3://${bucket}`,
  DAYBREAK_PIPELINE: 'orders',
  LAMBDA_TASK_ROOT: folder,
  AWS_ENDPOINT_URL: server.address,
});

test('the deployed function reads S3, publishes to SNS, and its links lead to the execution and the logs', async () => {
  const sns = new SNSClient({
    endpoint: server.address,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { TopicArn: topic = '' } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }));
  const QueueUrl = server.queue();
  const { Attributes } = await server.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));

  const bucket = server.bucket();
  const store = new S3ObjectStore(server.s3, bucket);
  await keepIncidents(store, incident(1));
  const letter: DeadLetter = {
    id: 'orders/r1/1/extract_1',
    pipeline: 'orders',
    run_id: 'r1',
    execution: 1,
    step: 'extract_1',
    severity: 'critical',
    input: {},
    upstream_manifests: {},
    resume: 'npx daybreak resume orders r1',
    recorded_by: 'record-failure',
    execution_arn: 'arn:aws:states:eu-central-1:123456789012:execution:daybreak-orders:r1',
    failure: { error: 'RetryableError', cause: 'the CRM answers 503' },
    attempts: 3,
    failed_at: '2026-12-01T02:00:00.000Z',
    logs: { group: 'g', stream: 's' },
  };
  await store.put(
    deadLetterKey({ pipeline: 'orders', run_id: 'r1', execution: 1 }, 'extract_1'),
    JSON.stringify(letter),
  );
  const folder = deployed({ ...settings, routes: { critical: [{ kind: 'sns', topic }] } });
  const call = async () => {
    const options = { cwd: folder, env: environment(folder, bucket) };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], options);
    return stdout.trim().split('\n');
  };
  expect(await call()).toEqual([
    `sent to sns ${topic}: [critical] orders: extract_1 failed`,
    '{"sent":1,"busy":false}',
  ]);
  expect(await call()).toEqual(['{"sent":0,"busy":false}']);
  const { Messages = [] } = await server.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
  );
  expect(Messages).toHaveLength(1);
  const { Subject, Message } = JSON.parse(Messages[0]?.Body ?? '');
  expect(Subject).toBe('[critical] orders: extract_1 failed');
  expect(JSON.parse(Message)).toMatchObject({
    version: 1,
    incident: 'orders-1',
    attempts: 3,
    cause: 'the CRM answers 503',
    links: [{ label: 'Execution' }, { label: 'Logs' }],
  });
});

test('a function that is killed while it sends repeats at most that one message', async () => {
  const at = (id: string) => ({ service: 'ssm', id }) as const;
  const bucket = server.bucket();
  const store = new S3ObjectStore(server.s3, bucket);
  const kinds = ['/a', '/b', '/c'];
  await keepIncidents(store, incident(1));
  const folder = deployed({
    ...settings,
    routes: { critical: kinds.map((id) => ({ kind: 'slack', webhook: at(id) })) },
  });
  // It answers the second message only after the function was killed.
  const vendor = await startVendor({ status: 200, body: 'ok' }, 'silence', { status: 200, body: 'ok' });
  const secrets = Object.fromEntries(
    ['A', 'B', 'C'].map((name) => [`DAYBREAK_SECRET_${name}`, `${vendor.url}/${name}`]),
  );
  const env = { ...environment(folder, bucket), ...secrets };
  try {
    const first = spawn(process.execPath, ['-e', script], { cwd: folder, env });
    while (vendor.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    first.kill('SIGKILL');
    await once(first, 'close');
    // The claim of the dead function ends after two minutes; a test may not wait for that.
    const state = await store.get('orders/alerts/state.json');
    const { claim, ...left } = JSON.parse(Buffer.from(state?.body ?? '').toString());
    expect(claim).not.toBeNull();
    await store.put('orders/alerts/state.json', JSON.stringify({ ...left, claim: { ...claim, until: 0 } }));
    await promisify(execFile)(process.execPath, ['-e', script], { cwd: folder, env });
    expect(vendor.received.map(({ path }) => path)).toEqual(['/A', '/B', '/B', '/C']);
  } finally {
    await vendor.close();
  }
});
