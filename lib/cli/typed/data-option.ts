import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { UsageError } from './usage-error.ts';

/** The file that `--data` names; null without the option. `setup` is the module that would read it. */
export async function dataOf(option: string | null, setup: string | null, { io }: Context): Promise<string | null> {
  if (option === null) return null;
  if (setup === null) throw new UsageError('--data: this pipeline has no local.setup that could read it');
  const path = resolve(io.cwd, option);
  if (!(await stat(path)).isFile()) throw new UsageError(`--data "${option}" is not a file`);
  return path;
}

/** The source data of a resume: the file of `--data`, or else the file of the run's start, which must still exist. */
export async function dataToResume(
  option: string | null,
  remembered: string | null,
  { setup, context }: { readonly setup: string | null; readonly context: Context },
): Promise<string | null> {
  if (option !== null || remembered === null || setup === null) return dataOf(option, setup, context);
  if ((await stat(remembered).catch(() => null))?.isFile()) return remembered;
  throw new UsageError(
    `the run was started with the source data "${remembered}", which no longer exists: put it back, or name another file with --data`,
  );
}
