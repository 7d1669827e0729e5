import { createHash } from 'node:crypto';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { fromErrno, isMissing } from '../errno.ts';
import type { Executions } from '../ports.ts';
import { processIdentity, stillRuns } from './process-identity.ts';
import { makeFolder } from './synced-folder.ts';
import { TemporaryFiles } from './temporary-files.ts';

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
const record = z.object({
  arn: z.string(),
  status: z.enum(statuses),
  pid: z.number(),
  identity: z.nullable(z.string()),
});

const fileOf = (folder: string, arn: string): string => {
  const name = encodeURIComponent(arn);
  // File systems allow 255 bytes.
  return join(folder, `${name.length <= 240 ? name : createHash('sha256').update(arn).digest('hex')}.json`);
};

/** Parses a record; null if it is empty or torn, so its content is unknown. */
const parse = (text: string): z.infer<typeof record> | null => {
  try {
    return record.parse(JSON.parse(text));
  } catch {
    return null;
  }
};

/** Executions of offline engines: a record per execution, written by `recordExecution`. A RUNNING execution whose process has died counts as ABORTED. */
export class FolderExecutions implements Executions {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async status(arn: string): ReturnType<Executions['status']> {
    try {
      const found = parse(await readFile(fileOf(this.#folder, arn), 'utf8'));
      if (found === null) return null;
      if (found.status !== 'RUNNING' || (await stillRuns(found.pid, found.identity))) return found.status;
      return 'ABORTED';
    } catch (error) {
      if (isMissing(error)) return null;
      throw fromErrno(error, `cannot read the status of ${arn}`);
    }
  }
}

/** Returns the ARNs of executions that are recorded as RUNNING but whose process has died, in the order of their names. */
export async function killedExecutions(folder: string): Promise<string[]> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    const killed: string[] = [];
    for (const name of names) {
      const found = parse(await readFile(join(folder, name), 'utf8'));
      if (found?.status === 'RUNNING' && !(await stillRuns(found.pid, found.identity))) killed.push(found.arn);
    }
    return killed;
  } catch (error) {
    if (isMissing(error)) return [];
    throw fromErrno(error, `cannot read the executions in ${folder}`);
  }
}

/** Records the state of an offline execution and the process that runs it. It replaces an earlier record atomically. */
export async function recordExecution(
  folder: string,
  arn: string,
  entry: { readonly status: (typeof statuses)[number]; readonly pid: number },
): Promise<void> {
  const text = JSON.stringify({ arn, ...entry, identity: await processIdentity(entry.pid) } satisfies z.infer<
    typeof record
  >);
  try {
    await makeFolder(folder);
    await new TemporaryFiles(join(folder, 'tmp')).using(oneChunk(text), (path) => rename(path, fileOf(folder, arn)));
  } catch (error) {
    throw fromErrno(error, `cannot record the status of ${arn}`);
  }
}

async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(text);
}
