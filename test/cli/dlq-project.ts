import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { localFolders } from '../../lib/offline/kept/local-folders.ts';
import { FolderDeadLetterQueue } from '../../lib/ports/folder/folder-dead-letter-queue.ts';
import { SystemClock } from '../../lib/ports/system-clock.ts';
import { cli } from './cli.ts';
import { handlerOf, twoSteps } from './project.ts';

const input = '{"day":"2026-01-31","count":1}';
const broken = handlerOf("  throw new Error('no luck');");
const fixed = handlerOf('  return { seen: step.result("first") };');
export const files = { ...twoSteps, 'lambdas/steps/demo/second.ts': broken };
export function fix(root: string) {
  return writeFile(join(root, 'lambdas/steps/demo/second.ts'), fixed);
}

export function queueOf(root: string) {
  return new FolderDeadLetterQueue(folderOf(root), new SystemClock());
}
export function folderOf(root: string) {
  return localFolders(join(root, '.daybreak/store'), 'demo').queue;
}

/** Bodies of all messages; they stay in the queue. */
export async function bodiesIn(root: string): Promise<string[]> {
  const queue = queueOf(root);
  const messages = await queue.receive(10, 60);
  for (const { receipt } of messages) await queue.release(receipt);
  return messages.map(({ body }) => body);
}
export async function idsIn(root: string) {
  return (await bodiesIn(root)).map((body) => JSON.parse(body).id as string);
}

export async function runFailing(root: string): Promise<string> {
  const { code, json } = await cli(['run', 'demo', '--json', '--input', input], { cwd: root });
  expect(code).toBe(1);
  return String(json().run_id);
}

interface Redriven {
  readonly runs: readonly { run_id: string; result: string; status: string | null; open: string[]; reason: string }[];
  readonly queue: { kept: number; deleted: number; sent_again: string[]; not_understood: object[] } | null;
}
export async function redrive(root: string, ...args: string[]) {
  const ran = await cli(['dlq', 'redrive', 'demo', '--json', ...args], { cwd: root });
  return { code: ran.code, ...(ran.json() as unknown as Redriven) };
}
export async function list(root: string, ...args: string[]) {
  return (await cli(['dlq', 'list', 'demo', '--json', ...args], { cwd: root })).json().dead_letters as {
    id: string;
    open: boolean;
  }[];
}
