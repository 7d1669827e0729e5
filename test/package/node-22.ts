import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest version that package.json allows. */
const oldest = '22.18.0';

/** Gets the oldest Node into a folder, from npm's cache or registry; null if neither has it. Returns the folder of `node`, for PATH. */
export function oldestNode(folder: string): string | null {
  const name = `node-${process.platform}-${process.arch}@${oldest}`;
  try {
    mkdirSync(folder, { recursive: true });
    const options = { cwd: folder, encoding: 'utf8' as const, stdio: 'pipe' as const };
    const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', name, '--json', '--prefer-offline'], options));
    execFileSync('tar', ['xzf', filename], options);
    const bin = join(folder, 'package/bin');
    if (execFileSync(join(bin, 'node'), ['--version'], options).trim() !== `v${oldest}`) return null;
    return bin;
  } catch {
    return null;
  }
}
