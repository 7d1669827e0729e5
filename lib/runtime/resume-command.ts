import type { RunRef } from '../contract/object-keys.ts';

/**
 * The command that resumes a run, as failures and dead letters carry it. A deployed function names its stack (`DAYBREAK_STACK`), so a person can paste the command anywhere. On
 * this machine the command line adds the root and the store when it prints the text.
 */
export function resumeCommand({ pipeline, run_id }: RunRef, ...more: readonly string[]): string {
  const stack = process.env.DAYBREAK_STACK;
  return ['npx daybreak resume', pipeline, run_id, ...more, ...(stack ? ['--stack', stack] : [])].join(' ');
}
