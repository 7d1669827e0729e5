import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The git commit of a folder, with `+` behind it if files are changed or new; null without git, or outside of a repository. `DAYBREAK_COMMIT` says it where no repository is at hand. */
export async function sourceCommit(folder: string): Promise<string | null> {
  if (process.env.DAYBREAK_COMMIT) return process.env.DAYBREAK_COMMIT;
  const git = async (...args: string[]): Promise<string> => (await run('git', ['-C', folder, ...args])).stdout.trim();
  try {
    const [commit, changes] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain', '--', '.')]);
    return changes === '' ? commit : `${commit}+`;
  } catch {
    return null;
  }
}
