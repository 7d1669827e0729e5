import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { sourcesBelow } from '../../compiler/project-files.ts';
import { codeRoot, packageRoot } from '../../package/package-files.ts';

/** Everything that a compiled template depends on: contents of files, and which handlers there are. */
export interface Inputs {
  /** SHA-256 by path, relative to the project's root. */
  readonly files: Readonly<Record<string, string>>;
  /** The folder of the code, relative to the root: `lambdas/steps`. */
  readonly folder: string;
  /** SHA-256 of the names of all files below `folder`: a new file can be another step's handler. */
  readonly handlers: string;
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Reads each file once in a process. */
const digests = new Map<string, string | null>();

const digestOf = (path: string): string | null => {
  const known = digests.get(path);
  if (known !== undefined) return known;
  let digest: string | null = null;
  try {
    digest = sha256(readFileSync(path));
  } catch {
    // A missing file is no input, and a folder neither.
  }
  digests.set(path, digest);
  return digest;
};

/** Forgets what was read: files may have changed since. */
export function forgetInputs(): void {
  digests.clear();
}

/** Takes the inputs' digests as they are now. Paths that name no file are left out. */
export function inputsOf(root: string, paths: Iterable<string>, folder = 'lambdas/steps'): Inputs {
  const files: Record<string, string> = {};
  for (const path of paths) {
    const digest = digestOf(join(root, path));
    if (digest !== null) files[path] = digest;
  }
  return { files, folder, handlers: handlersBelow(root, folder) };
}

/** True if no input has changed. */
export function areCurrent(root: string, inputs: Inputs): boolean {
  return (
    inputs.handlers === handlersBelow(root, inputs.folder) &&
    Object.entries(inputs.files).every(([path, digest]) => digestOf(join(root, path)) === digest)
  );
}

const handlersBelow = (root: string, folder: string): string => sha256(sourcesBelow(root, folder).sort().join('\n'));

let own: string | undefined;

/** Digest of Daybreak's own files and of Node's version: another Daybreak compiles everything again. */
export function ownDigest(): string {
  own ??= digestOfOwn();
  return own;
}

function digestOfOwn(): string {
  const hash = createHash('sha256')
    .update(process.version)
    .update(readFileSync(join(packageRoot, 'package.json')));
  for (const folder of ['lib', 'lambdas/platform']) {
    const entries = readdirSync(join(codeRoot, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name));
    for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
      hash.update(relative(codeRoot, path)).update(readFileSync(path));
    }
  }
  return hash.digest('hex');
}
