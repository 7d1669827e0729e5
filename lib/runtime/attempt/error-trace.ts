import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

/** Daybreak's sources. A bundle has none: there this file is in `/var/task`. */
const ownSources = /^.*\/lib\/(?=runtime\/attempt\/)/.exec(fileURLToPath(import.meta.url))?.[0] ?? null;

/** Lines of the stack that are kept: the author's own come first. */
const mostFrames = 20;

/** The number of causes that are shown: more help no one. */
const mostCauses = 8;

/** Reads a property of anything; a getter or proxy that throws has none. */
export function readProperty(value: unknown, key: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[key];
  } catch {
    return undefined;
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  const message = readProperty(thrown, 'message');
  if (typeof message === 'string' && message !== '') return message;
  if (thrown === undefined || thrown === null) return `${thrown} was thrown, and no error`;
  try {
    return typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 3, breakLength: 120, getters: false });
  } catch {
    return 'a value that cannot be shown';
  }
}

/** The places where an error was thrown, the author's code first: `    at load (lambdas/steps/orders/extract.ts:12:9)`. Paths begin at the project's root where that is known. */
export function framesOf(thrown: unknown): string[] {
  const stack = readProperty(thrown, 'stack');
  if (typeof stack !== 'string') return [];
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.filter(isAuthors);
  // In a bundle, frames of Daybreak name no line that anyone can read.
  return (own.length > 0 || ownSources === null ? own : frames).slice(0, mostFrames).map(shortened);
}

/** Not of Node, a package or Daybreak. */
const isAuthors = (frame: string): boolean =>
  !/node:|node_modules[/\\]|\/(daybreak[\w-]*|chunk-\w+|index)\.mjs|\/function-host\.ts|<anonymous>$/.test(frame) &&
  !(ownSources !== null && frame.includes(ownSources));

function shortened(frame: string): string {
  const root = process.env.DAYBREAK_ROOT;
  const bare = frame.replace('file://', '');
  // Source maps of a bundle lead out of the bundle's folder.
  return (root === undefined ? bare : bare.replace(`${root}/`, '')).replace(
    /(?:\/var\/task\/|\/opt\/nodejs\/)?(?:\.\.\/)+/,
    '',
  );
}

/**
 * The causes of an error, the nearest first, one per line: `caused by Error: connect ECONNREFUSED 127.0.0.1:5432`. Each error of an AggregateError has its line.
 */
export function causesOf(thrown: unknown): string[] {
  const found: string[] = [];
  const seen = new Set<unknown>([thrown]);
  const visit = (value: unknown): void => {
    const inner = readProperty(value, 'errors');
    for (const cause of [readProperty(value, 'cause'), ...(Array.isArray(inner) ? inner : [])]) {
      if (cause === undefined || cause === null || seen.has(cause) || found.length >= mostCauses) continue;
      seen.add(cause);
      const name = readProperty(cause, 'name');
      const code = readProperty(cause, 'code');
      const message = messageOf(cause).replace(/\s+/g, ' ').trim();
      const told = typeof code === 'string' && !message.includes(code) ? `${message} (${code})` : message;
      found.push(`caused by ${typeof name === 'string' && name !== '' ? `${name}: ` : ''}${told}`);
      visit(cause);
    }
  };
  visit(thrown);
  return found;
}
