import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UsageError } from '../typed/usage-error.ts';

/** The compiler of a project. */
export interface TypeScript {
  /** Absolute path of `tsc`, a module that Node runs. */
  readonly compiler: string;
  readonly version: string;
}

const install = 'npm install -D typescript';

/** The declarations of Daybreak, and `moduleResolution: bundler`, need it. */
const oldest = 5;

/** Finds TypeScript as the project's own imports would. */
export async function findTypeScript(root: string): Promise<TypeScript> {
  const path = resolved(root);
  if (path === null)
    throw new UsageError(`check --types needs TypeScript, and it is not installed in the project: ${install}`);
  const { version = '', bin } = JSON.parse(await readFile(path, 'utf8')) as {
    version?: string;
    bin?: { tsc?: string };
  };
  if (Number.parseInt(version, 10) < oldest)
    throw new UsageError(
      `check --types needs TypeScript ${oldest} or newer, and the project has ${version}: ${install}@latest`,
    );
  return { compiler: join(dirname(path), bin?.tsc ?? 'bin/tsc'), version };
}

function resolved(root: string): string | null {
  try {
    return createRequire(join(root, 'package.json')).resolve('typescript/package.json');
  } catch {
    return null;
  }
}
