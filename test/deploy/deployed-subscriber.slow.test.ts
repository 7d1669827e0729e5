import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { runtimeLayer } from '../../lib/bundle/layers/runtime-layer.ts';
import { compileSubscribers } from '../../lib/deploy/compile/compile-subscribers.ts';
import { type CompiledSubscriber, keptSubscribers } from '../../lib/deploy/compile/compiled-subscriber.ts';
import { forgetInputs } from '../../lib/deploy/compile/fresh-inputs.ts';
import { S3ObjectStore } from '../../lib/ports/aws/s3-object-store.ts';
import { projectOf } from '../bundle/project.ts';
import { startServer } from '../ports/aws/fauxqs.ts';

const monitor = `import { defineSubscriber } from 'daybreak';
const heard = ['step', 'task'].map((head) => \`\${head}.failed\` as const);
export const subscriber = defineSubscriber(
  { on: heard, pipelines: ['customer_analytics'], secrets: { pager: 'ssm:/daybreak/pager' } },
  async (event, { log, secret }) => {
    log.info('heard', { step: event.step, pager: await secret('pager') });
    if (process.env.FAILS) throw new Error('no pager');
  },
);
`;

/** As EventBridge calls a function: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html, with the event of docs/events.md. */
const recorded = {
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'step.failed',
  source: 'daybreak',
  account: '111122223333',
  time: '2026-02-01T01:04:10Z',
  region: 'eu-central-1',
  resources: [],
  detail: JSON.parse(/```json\n(.*?)```/s.exec(readFileSync('docs/events.md', 'utf8'))?.[1] ?? '') as object,
};

const server = await startServer();
afterAll(() => server.stop());
const layer = await runtimeLayer(mkdtempSync(join(tmpdir(), 'daybreak-runtime-')), 'the sources of this test');
const compiled = (files: Record<string, string>) =>
  compileSubscribers(
    projectOf(Object.fromEntries(Object.entries(files).map(([name, text]) => [`lambdas/subscribers/${name}`, text]))),
    layer,
  );

/** Calls the deployed code in a new process, which has the bundle, the layer and the variables of the function alone. */
async function invoke({ name, code }: CompiledSubscriber, bucket: string, more: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'daybreak-subscriber-'));
  cpSync(code.folder, folder, { recursive: true });
  for (const file of readdirSync(folder).filter((one) => one.startsWith('daybreak'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), text.replace('/opt/nodejs', join(layer.folder, 'nodejs')));
  }
  const script = `import('./index.mjs').then(({ handler }) => handler(${JSON.stringify(recorded)}, { getRemainingTimeInMillis: () => 60000 }))
    .then((answer) => console.log(JSON.stringify(answer)), (error) => console.log(error.message)).finally(() => process.exit(0))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
    cwd: folder,
    env: {
      DAYBREAK_STORE: `s3://${bucket}`,
      DAYBREAK_SUBSCRIBER: name,
      DAYBREAK_SECRET_PAGER: 'a secret word',
      AWS_ENDPOINT_URL: server.address,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...more,
    },
  });
  return stdout.trim().split('\n');
}

test('a deployed subscriber handles an event of EventBridge once, again if it threw, and keeps one mark below its prefix', async () => {
  const report = await compiled({ 'monitor.ts': monitor });
  expect(report.diagnostics).toEqual([]);
  const [subscriber] = report.compiled?.subscribers ?? [];
  expect(subscriber?.subscription).toEqual({
    on: ['step.failed', 'task.failed'],
    pipelines: ['customer_analytics'],
    secrets: { pager: 'ssm:/daybreak/pager' },
  });
  const bucket = server.bucket();
  const call = (more = {}) => invoke(subscriber as CompiledSubscriber, bucket, more);
  expect((await call({ FAILS: '1' })).at(-1)).toBe('no pager');
  const [line, answer] = await call();
  expect(JSON.parse(line ?? '')).toMatchObject({
    message: 'heard',
    subscriber: 'monitor',
    step: 'extract_orders',
    pager: '[secret]',
  });
  expect(answer).toBe('{"handled":true}');
  expect(await call()).toEqual(['{"handled":false}']);
  const keys: string[] = [];
  for await (const { key } of new S3ObjectStore(server.s3, bucket).list('')) keys.push(key);
  expect(keys).toEqual([expect.stringMatching(/^subscribers\/monitor\/[0-9a-f]{40}\.json$/)]);
});

test.each([
  ['fails while it loads', "throw new Error('no variable TEAM');", 'cannot be loaded as in Lambda: no variable TEAM'],
  ['ends its process', 'process.exit(3);', 'cannot be loaded as in Lambda: it ended its process with 3'],
  ['hears an event that does not exist', '', 'there is no event "step.faild"; did you mean "step.failed"?'],
])('a subscriber that %s is a diagnostic of its file, and nothing is deployed', async (_, first, message) => {
  const text = `${first}\n${monitor.replace('}.failed', first === '' ? '}.faild' : '}.failed')}`;
  const { diagnostics, compiled: made } = await compiled({ 'bad.ts': text });
  expect(made).toBeNull();
  expect(diagnostics[0]).toMatchObject({
    span: { file: 'lambdas/subscribers/bad.ts' },
    message: expect.stringContaining(message),
  });
});

test('subscribers are compiled again after a change of their code or a new file, and not before', async () => {
  const root = projectOf({ 'lambdas/subscribers/monitor.ts': monitor });
  const kept = () => {
    forgetInputs();
    return keptSubscribers(root);
  };
  expect(kept()).toBeNull();
  const report = await compileSubscribers(root, layer);
  expect(kept()).toEqual(report);
  writeFileSync(join(root, 'lambdas/subscribers/other.ts'), monitor);
  expect(kept()).toBeNull();
});
