import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { fromErrno, isMissing } from '../errno.ts';
import type { Executions } from '../ports.ts';
import { nameProcess, type ProcessName } from './process-identity.ts';
import { enteredExecutions, enterRunning, executionFile, leaveRunning, runsExecution } from './running-executions.ts';
import { makeFolder } from './synced-folder.ts';
import { TemporaryFiles } from './temporary-files.ts';

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
const record = z.object({
  arn: z.string(),
  status: z.enum(statuses),
  pid: z.number(),
  identity: z.nullable(z.string()),
  place: z.optional(z.string()),
});
type Entry = z.infer<typeof record>;

/** Executions of offline engines: a record per execution, written by `recordExecution`. A RUNNING execution whose process has died counts as ABORTED. */
export class FolderExecutions implements Executions {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async status(arn: string): ReturnType<Executions['status']> {
    const found = await readEntry(this.#folder, executionFile(arn));
    if (found === null || found === 'damaged') return null;
    if (found.status !== 'RUNNING' || (await runsExecution(this.#folder, arn, found))) return found.status;
    return 'ABORTED';
  }
}

/**
 * Returns the ARNs of executions whose process has died before it recorded their end, in the order of their names. Looks only at executions that have not ended, and takes
 * those out that ended a moment before their process died.
 */
export async function killedExecutions(folder: string): Promise<string[]> {
  const killed: string[] = [];
  for (const arn of await enteredExecutions(folder, () => runningByRecord(folder))) {
    const found = await readEntry(folder, executionFile(arn));
    const process = found === null || found === 'damaged' ? elsewhere : found;
    const ended = process !== elsewhere && process.status !== 'RUNNING';
    const dead = ended || !(await runsExecution(folder, arn, process));
    // Without a record the process died before the execution began.
    if (dead && (ended || found === null)) await leaveRunning(folder, arn).catch(() => undefined);
    else if (dead) killed.push(arn);
  }
  return killed;
}

/** The process that runs an execution, as its record names it; null if the execution has ended or has no record. */
export async function executionProcess(folder: string, arn: string): Promise<ProcessName | null> {
  const found = await readEntry(folder, executionFile(arn));
  return found !== null && found !== 'damaged' && found.status === 'RUNNING' ? found : null;
}

/** Stands for the process of a record that is missing or damaged: it runs if it touches its file. */
const elsewhere: Entry = { arn: '', status: 'RUNNING', pid: 0, identity: null, place: '' };

/** Records the state of an offline execution and the process that runs it. It replaces an earlier record atomically. */
export async function recordExecution(
  folder: string,
  arn: string,
  entry: { readonly status: (typeof statuses)[number]; readonly pid: number },
): Promise<void> {
  const { status } = entry;
  const text = JSON.stringify({ arn, status, ...(await nameProcess(entry.pid)) } satisfies Entry);
  try {
    await makeFolder(folder);
    if (status === 'RUNNING') await enterRunning(folder, arn, () => runningByRecord(folder));
    const path = join(folder, executionFile(arn));
    await new TemporaryFiles(join(folder, 'tmp')).using(oneChunk(text), (temporary) => rename(temporary, path));
    if (status !== 'RUNNING') await leaveRunning(folder, arn);
  } catch (error) {
    throw fromErrno(error, `cannot record the status of ${arn}`);
  }
}

/** ARNs of executions that are recorded as RUNNING. Reads every record, so only a folder without a list of them needs it. */
async function runningByRecord(folder: string): Promise<string[]> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    const running: string[] = [];
    for (const name of names) {
      const found = await readEntry(folder, name);
      if (found !== null && found !== 'damaged' && found.status === 'RUNNING') running.push(found.arn);
    }
    return running;
  } catch (error) {
    if (isMissing(error)) return [];
    throw fromErrno(error, `cannot read the executions in ${folder}`);
  }
}

/** A record; null if it is missing. */
async function readEntry(folder: string, name: string): Promise<Entry | 'damaged' | null> {
  let text: string;
  try {
    text = await readFile(join(folder, name), 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw fromErrno(error, `cannot read ${join(folder, name)}`);
  }
  try {
    return record.parse(JSON.parse(text));
  } catch {
    return 'damaged';
  }
}

async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(text);
}
