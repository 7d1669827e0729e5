import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { enteredExecutions } from '../../ports/folder/running-executions.ts';
import type { LocalFolders } from './local-folders.ts';

/** Code that was pinned a moment ago may belong to an execution that has not entered itself yet. */
const freshMs = 24 * 3600 * 1000;

/**
 * Removes pinned code that no execution can use. A redrive pins its code again, so only executions that run now need theirs: while one other than `arn` runs,
 * everything stays. Pruning is a courtesy: a file that cannot be removed stays too.
 */
export async function pruneCode(
  { code, executions }: Pick<LocalFolders, 'code' | 'executions'>,
  arn: string,
  now = Date.now(),
): Promise<void> {
  const running = await enteredExecutions(executions, async () => []);
  if (running.some((one) => one !== arn)) return;
  for (const name of await readdir(code)) {
    const path = join(code, name);
    if ((await stat(path)).mtimeMs < now - freshMs) await rm(path, { force: true });
  }
}
