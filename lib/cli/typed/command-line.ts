import { relative } from 'node:path';
import type { Context } from '../context.ts';

/** A stack, and its region if a command has to name it. */
export interface StackPlace {
  readonly stack: string;
  readonly region: string | null;
}

/** The place of a command, as the person typed it: a store's folder or bucket, a stack, or null for the root's own store. */
export type TypedPlace = string | null | StackPlace;

/** A command that a person can copy: the same root and place, quoted for a shell if needed. */
export function commandLine(words: readonly string[], place: TypedPlace, context: Context): string {
  const all = [
    'npx',
    'daybreak',
    ...words,
    ...(context.typedRoot === null ? [] : ['--root', context.typedRoot]),
    ...placeWords(place),
  ];
  return all.map(quoted).join(' ');
}

function placeWords(place: TypedPlace): string[] {
  if (place === null) return [];
  if (typeof place === 'string') return ['--store', place];
  return ['--stack', place.stack, ...(place.region === null ? [] : ['--region', place.region])];
}

/** A word as a shell reads it back. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The path as short as a person would write it. */
export function shortPath(path: string, { io }: Context): string {
  const short = relative(io.cwd, path);
  return short !== '' && !short.startsWith('..') && !path.includes('://') ? short : path;
}
