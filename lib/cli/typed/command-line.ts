import { relative } from 'node:path';
import type { Context } from '../context.ts';

/** Where a command worked, as it was typed: a store's folder or bucket, a stack, or null for the folder's own store. */
export type TypedPlace = string | null | { readonly stack: string };

/** A command that a person can copy: the same folder and place as now, quoted for a shell where that is needed. */
export function commandLine(words: readonly string[], place: TypedPlace, context: Context): string {
  const all = [
    'npx',
    'daybreak',
    ...words,
    ...(context.typedRoot === null ? [] : ['--root', context.typedRoot]),
    ...(place === null ? [] : typeof place === 'string' ? ['--store', place] : ['--stack', place.stack]),
  ];
  return all.map(quoted).join(' ');
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** A path as short as a person would write it. */
export function shortPath(path: string, { io }: Context): string {
  const short = relative(io.cwd, path);
  return short !== '' && !short.startsWith('..') && !path.includes('://') ? short : path;
}
