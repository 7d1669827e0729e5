import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { findPipelines } from '../../compiler/find-pipelines.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { UsageError } from './usage-error.ts';

/** `root` is the folder that has `pipelines/`; `cwd` is the folder that typed paths start from. */
export interface SearchFolders {
  readonly root: string;
  readonly cwd: string;
}

/** A template on disk: its path and its name. A template without a name has its file's name. */
export interface FoundPipeline {
  readonly path: string;
  readonly name: string;
}

/** Finds a template by a path, by a file's name in `pipelines/`, or by the name in the template. An unknown one is a UsageError that lists the known ones. */
export async function findPipeline(wanted: string, folders: SearchFolders): Promise<FoundPipeline> {
  return (await findByPath(wanted, folders)) ?? (await findByName(wanted, folders.root));
}

async function findByPath(wanted: string, { root, cwd }: SearchFolders): Promise<FoundPipeline | null> {
  const looksLikePath = /[/\\]|\.ya?ml$/i.test(wanted);
  if (!looksLikePath) return null;
  for (const path of new Set([resolve(cwd, wanted), resolve(root, wanted), resolve(root, 'pipelines', wanted)])) {
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory()) throw new UsageError(`"${wanted}" is a folder; name a template in it`);
    if (found) return { path, name: await nameIn(path) };
  }
  throw new UsageError(`there is no file "${wanted}"`);
}

async function findByName(wanted: string, root: string): Promise<FoundPipeline> {
  const paths = await findPipelines(root);
  const byFile = paths.find((path) => stem(path) === wanted);
  if (byFile !== undefined) return { path: byFile, name: await nameIn(byFile) };
  const all = await Promise.all(
    paths.map(async (path) => ({ path, name: await nameIn(path).catch(() => stem(path)) })),
  );
  const [first, ...others] = all.filter(({ name }) => name === wanted);
  if (first && others.length === 0) return first;
  if (first) {
    const files = [first, ...others].map(({ path }) => basename(path)).join(', ');
    throw new UsageError(`more than one template has the name "${wanted}": ${files}; name the file`);
  }
  const names = all.map(({ name }) => name);
  const known =
    names.length > 0 ? `the pipelines are: ${names.join(', ')}` : `there are no templates in ${root}/pipelines`;
  throw new UsageError(
    `there is no pipeline "${wanted}"${didYouMean(wanted, [...names, ...paths.map(stem)])} (${known})`,
  );
}

const stem = (path: string): string => basename(path).replace(/\.ya?ml$/i, '');

/** Reads leniently: people also look up a template that is full of mistakes. */
async function nameIn(path: string): Promise<string> {
  const name: unknown = parseDocument(await readFile(path, 'utf8'), { logLevel: 'silent' }).get?.('name');
  return typeof name === 'string' && name !== '' ? name : stem(path);
}
