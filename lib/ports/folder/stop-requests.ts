/**
 * Requests to stop an execution: a file per execution with the person's reason. Its presence says that a command has interrupted the process, because a second interrupt
 * would kill it.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { errnoOf, fromErrno } from '../errno.ts';
import { executionFile } from './running-executions.ts';
import { makeFolder } from './synced-folder.ts';

const request = z.object({ reason: z.nullable(z.string()) });

const requestFile = (folder: string, arn: string): string => join(folder, 'stops', executionFile(arn));

/** Leaves a request; false if there is one already. */
export async function requestStop(folder: string, arn: string, reason: string | null): Promise<boolean> {
  try {
    await makeFolder(join(folder, 'stops'));
    const text = JSON.stringify({ reason } satisfies z.infer<typeof request>);
    await writeFile(requestFile(folder, arn), text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw fromErrno(error, `cannot leave a request to stop ${arn}`);
  }
}

/** The reason of the request; null if there is no request, or none that gives a reason. */
export async function stopReason(folder: string, arn: string): Promise<string | null> {
  try {
    return request.parse(JSON.parse(await readFile(requestFile(folder, arn), 'utf8'))).reason;
  } catch {
    // The reason is a comment: the end of the execution is recorded without it too.
    return null;
  }
}

/** Removes the request, if any: the execution has ended, or begins again. */
export async function forgetStop(folder: string, arn: string): Promise<void> {
  await rm(requestFile(folder, arn), { force: true });
}
