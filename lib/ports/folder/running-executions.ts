/**
 * The folder of executions that run now: a file per execution, which its process touches while it lives. So a command looks at what runs, and not at everything that ever
 * ran, and a process in another container or on another host counts as alive for as long as it touches its file.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromErrno, isMissing } from '../errno.ts';
import { type ProcessName, stillRuns } from './process-identity.ts';
import { makeFolder } from './synced-folder.ts';

/** Milliseconds between two touches. */
const beatMs = 5_000;

/** Without a touch for so long, a process elsewhere counts as dead: it missed a dozen, and clocks of hosts that share a folder differ by less. */
const silenceMs = 60_000;

/** Name of an execution's file. File systems allow 255 bytes. */
export function executionFile(arn: string): string {
  const name = encodeURIComponent(arn);
  return `${name.length <= 240 ? name : createHash('sha256').update(arn).digest('hex')}.json`;
}

const runningFolder = (folder: string): string => join(folder, 'running');

/** Enters an execution, before its status says RUNNING. `running` is called as by `enteredExecutions`. */
export async function enterRunning(
  folder: string,
  arn: string,
  running: () => Promise<readonly string[]>,
): Promise<void> {
  if (!(await exists(runningFolder(folder)))) await makeRunningFolder(folder, await running());
  await writeFile(join(runningFolder(folder), executionFile(arn)), arn);
}

/** Takes an execution out, after its status says how it ended. */
export async function leaveRunning(folder: string, arn: string): Promise<void> {
  await rm(join(runningFolder(folder), executionFile(arn)), { force: true });
}

/** Touches an execution's file until the returned function is called. A failed touch counts as missed. */
export function keepTouching(folder: string, arn: string): () => void {
  const path = join(runningFolder(folder), executionFile(arn));
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), beatMs);
  beat.unref();
  return () => clearInterval(beat);
}

/**
 * True if the process of an execution runs. One of another place runs if it touched the execution's file a moment ago, or began a moment ago (`since`, in milliseconds since
 * 1970) and has no file yet.
 */
export async function runsExecution(folder: string, arn: string, process: ProcessName, since = 0): Promise<boolean> {
  const known = await stillRuns(process);
  if (known !== null) return known;
  const path = join(runningFolder(folder), executionFile(arn));
  const touched = await stat(path).catch((error: unknown) => {
    if (isMissing(error)) return { mtimeMs: since };
    throw error;
  });
  return Date.now() - touched.mtimeMs < silenceMs;
}

/** ARNs of the executions that have a file, in the order of its names. A folder of an older version gets its files from `running`, once. */
export async function enteredExecutions(folder: string, running: () => Promise<readonly string[]>): Promise<string[]> {
  try {
    return await readFiles(runningFolder(folder));
  } catch (error) {
    if (!isMissing(error)) throw error;
    const found = await running();
    // Also where this folder cannot be written, the answer is right.
    if (found.length > 0 || (await exists(folder))) await makeRunningFolder(folder, found).catch(() => undefined);
    return [...found];
  }
}

async function readFiles(path: string): Promise<string[]> {
  const names = (await readdir(path)).filter((name) => name.endsWith('.json')).sort();
  const arns = await Promise.all(
    names.map((name) =>
      readFile(join(path, name), 'utf8').catch((error: unknown) => {
        if (isMissing(error)) return '';
        throw error;
      }),
    ),
  );
  return arns.filter((arn) => arn !== '');
}

/** The folder appears with all of its first files at once: its presence says that no execution is missing in it. */
async function makeRunningFolder(folder: string, arns: readonly string[]): Promise<void> {
  const path = runningFolder(folder);
  const prepared = `${path}.${randomUUID()}`;
  try {
    await makeFolder(prepared);
    for (const arn of arns) await writeFile(join(prepared, executionFile(arn)), arn);
    await rename(prepared, path);
  } catch (error) {
    await rm(prepared, { recursive: true, force: true });
    if (!(await exists(path))) throw fromErrno(error, `cannot make ${path}`);
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
