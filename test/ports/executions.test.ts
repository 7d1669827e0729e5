import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeExecutionCommand, type ExecutionStatus, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import { SfnExecutions } from '../../lib/ports/aws/sfn-executions.ts';
import { FolderExecutions, killedExecutions, recordExecution } from '../../lib/ports/folder/folder-executions.ts';
import { MemoryExecutions } from '../../lib/ports/memory/memory-executions.ts';
import { newFolder } from './folder/new-folder.ts';

const arn = 'arn:aws:states:eu-central-1:000000000000:execution:customer_analytics:2026-01-31';

test.each<[ExecutionStatus, string]>([
  ['RUNNING', 'RUNNING'],
  ['SUCCEEDED', 'SUCCEEDED'],
  ['FAILED', 'FAILED'],
  ['TIMED_OUT', 'TIMED_OUT'],
  ['ABORTED', 'ABORTED'],
  ['PENDING_REDRIVE', 'RUNNING'],
])('an execution that Step Functions calls %s is %s', async (status, expected) => {
  const client = new SFNClient({ region: 'eu-central-1' });
  mockClient(client).on(DescribeExecutionCommand, { executionArn: arn }).resolves({ status });
  expect(await new SfnExecutions(client).status(arn)).toBe(expected);
});

test('an execution that Step Functions has forgotten is null; any other fault is a PlatformError', async () => {
  const client = new SFNClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  mock.on(DescribeExecutionCommand).rejects(Object.assign(new Error(), { name: 'ExecutionDoesNotExist' }));
  expect(await new SfnExecutions(client).status(arn)).toBeNull();
  mock.on(DescribeExecutionCommand).rejects(Object.assign(new Error('denied'), { name: 'AccessDeniedException' }));
  await expect(new SfnExecutions(client).status(arn)).rejects.toMatchObject({ name: errorNames.platform });
});

test('executions in memory have the status that a test set', async () => {
  const executions = new MemoryExecutions();
  expect(await executions.status(arn)).toBeNull();
  executions.set(arn, 'RUNNING');
  expect(await executions.status(arn)).toBe('RUNNING');
});

test('an offline execution has its last recorded status', async () => {
  const folder = join(await newFolder(), 'not-yet-there');
  const executions = new FolderExecutions(folder);
  expect(await executions.status(arn)).toBeNull();
  await recordExecution(folder, arn, { status: 'RUNNING', pid: process.pid });
  expect(await executions.status(arn)).toBe('RUNNING');
  expect(await executions.status(`${arn}-other`)).toBeNull();
  await recordExecution(folder, arn, { status: 'SUCCEEDED', pid: process.pid });
  expect(await executions.status(arn)).toBe('SUCCEEDED');
});

test('an offline execution whose process was killed is ABORTED; an ended one keeps its status', async () => {
  const folder = await newFolder();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const pid = child.pid ?? 0;
  await recordExecution(folder, arn, { status: 'RUNNING', pid });
  await recordExecution(folder, `${arn}-ended`, { status: 'FAILED', pid });
  const executions = new FolderExecutions(folder);
  expect(await executions.status(arn)).toBe('RUNNING');
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(await executions.status(arn)).toBe('ABORTED');
  expect(await executions.status(`${arn}-ended`)).toBe('FAILED');
});

test.runIf(process.platform === 'linux')(
  'a later process with the same id is not taken for the one that ran the execution',
  async () => {
    const folder = await newFolder();
    await recordExecution(folder, arn, { status: 'RUNNING', pid: process.pid });
    const [name = ''] = (await readdir(folder)).filter((each) => each.endsWith('.json'));
    const record = JSON.parse(await readFile(join(folder, name), 'utf8'));
    await writeFile(join(folder, name), JSON.stringify({ ...record, identity: 'another boot:1' }));
    expect(await new FolderExecutions(folder).status(arn)).toBe('ABORTED');
  },
);

test('an ARN of any length and characters has a separate record', async () => {
  const folder = await newFolder();
  const arns = ['a/b', 'a%2Fb', '../a', `${arn}${'ü'.repeat(80)}`, `${arn}${'ü'.repeat(79)}`];
  for (const each of arns) await recordExecution(folder, each, { status: 'SUCCEEDED', pid: 1 });
  expect((await readdir(folder)).filter((each) => each.endsWith('.json'))).toHaveLength(arns.length);
  for (const each of arns) expect(await new FolderExecutions(folder).status(each)).toBe('SUCCEEDED');
});

/** Makes an execution of this process one of another container or host, whose process ids mean nothing here; `quietMs` ago it showed that it lives. */
async function moveElsewhere(folder: string, quietMs: number): Promise<void> {
  const [name = ''] = (await readdir(folder)).filter((each) => each.endsWith('.json'));
  const record = JSON.parse(await readFile(join(folder, name), 'utf8'));
  await writeFile(join(folder, name), JSON.stringify({ ...record, pid: 1, place: 'another host' }));
  const at = (Date.now() - quietMs) / 1000;
  await utimes(join(folder, 'running', name), at, at);
}

test('an execution of another host runs until it has been quiet for a minute, and is killed then', async () => {
  const folder = await newFolder();
  const executions = new FolderExecutions(folder);
  await recordExecution(folder, arn, { status: 'RUNNING', pid: process.pid });
  await moveElsewhere(folder, 20_000);
  expect(await executions.status(arn)).toBe('RUNNING');
  expect(await killedExecutions(folder)).toEqual([]);
  await moveElsewhere(folder, 70_000);
  expect(await executions.status(arn)).toBe('ABORTED');
  expect(await killedExecutions(folder)).toEqual([arn]);
});

test('a command looks at executions that run, and not at those that have ended', async () => {
  const folder = await newFolder();
  for (let index = 0; index < 20; index += 1)
    await recordExecution(folder, `${arn}-${index}`, { status: 'SUCCEEDED', pid: process.pid });
  await recordExecution(folder, arn, { status: 'RUNNING', pid: process.pid });
  expect(await readdir(join(folder, 'running'))).toHaveLength(1);
  // Not even read: a damaged record of an ended execution stops no one.
  await writeFile(join(folder, `${encodeURIComponent(`${arn}-1`)}.json`), '{');
  expect(await killedExecutions(folder)).toEqual([]);
});

test('a folder of an older version, which has no list of running executions, gets one', async () => {
  const folder = await newFolder();
  for (const [name, status] of [
    ['ended', 'SUCCEEDED'],
    ['killed', 'RUNNING'],
  ] as const) {
    const old = { arn: name, status, pid: 99_999_999, identity: 'boot:1' };
    await writeFile(join(folder, `${name}.json`), JSON.stringify(old));
  }
  expect(await killedExecutions(folder)).toEqual(['killed']);
  expect(await readdir(join(folder, 'running'))).toEqual(['killed.json']);
  await recordExecution(folder, 'killed', { status: 'ABORTED', pid: process.pid });
  expect(await killedExecutions(folder)).toEqual([]);
  expect(await readdir(join(folder, 'running'))).toEqual([]);
});

test('a killed execution whose record is torn is killed all the same; one that another host touches runs', async () => {
  const folder = await newFolder();
  await recordExecution(folder, arn, { status: 'RUNNING', pid: process.pid });
  const [name = ''] = await readdir(join(folder, 'running'));
  await writeFile(join(folder, name), '{"arn":');
  expect(await killedExecutions(folder)).toEqual([]);
  await utimes(join(folder, 'running', name), 0, 0);
  expect(await killedExecutions(folder)).toEqual([arn]);
  await rm(join(folder, name));
  expect(await killedExecutions(folder)).toEqual([]);
  expect(await readdir(join(folder, 'running'))).toEqual([]);
});
