import { relative } from 'node:path';
import type { Context } from './context.ts';

/** A command that a person can copy: the same folder and store as now, quoted for a shell where that is needed. */
export function commandLine(words: readonly string[], store: string | null, context: Context): string {
  const all = [
    'npx',
    'daybreak',
    ...words,
    ...(context.typedRoot === null ? [] : ['--root', context.typedRoot]),
    ...(store === null ? [] : ['--store', store]),
  ];
  return all.map(quoted).join(' ');
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** A path as short as a person would write it. */
export function shortPath(path: string, { io }: Context): string {
  const short = relative(io.cwd, path);
  return short !== '' && !short.startsWith('..') && !path.includes('://') ? short : path;
}
