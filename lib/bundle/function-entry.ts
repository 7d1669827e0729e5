import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { SqlQueries } from '../contract/sql-queries.ts';

/** The source of one pipeline function: a file, and its export that Lambda calls. */
export interface FunctionEntry {
  /** Path relative to the project root, with forward slashes. */
  readonly entry: string;
  readonly export: string;
  /** The queries of an SQL step, which run instead. */
  readonly sql?: SqlQueries | null;
}

/** Returns the key of a `FunctionEntry` in maps of digests and bundles. */
export function entryKey({ entry, export: name, sql }: FunctionEntry): string {
  return sql ? `sql#${createHash('sha256').update(JSON.stringify(sql)).digest('hex')}` : `${entry}#${name}`;
}

/** Daybreak's own folder, with the runtime and the platform functions. It does not depend on the project's folder. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The modules that projects import by a name of the package, from any folder. SQL steps use `daybreak/sql`, and a function's index uses `daybreak/steps`;
 * handlers import the others.
 */
export const runtimeModules: Readonly<Record<string, string>> = {
  daybreak: fileURLToPath(new URL('../runtime/index.ts', import.meta.url)),
  'daybreak/sql': fileURLToPath(new URL('../runtime/define-sql-step.ts', import.meta.url)),
  'daybreak/steps': fileURLToPath(new URL('../runtime/shared-steps.ts', import.meta.url)),
  'daybreak/sources': fileURLToPath(new URL('../connectors/sources.ts', import.meta.url)),
  'daybreak/sinks': fileURLToPath(new URL('../connectors/sinks.ts', import.meta.url)),
};

/** The packages that come with Daybreak. Handlers find them even in a project without its own node_modules. */
export const ownPackages = fileURLToPath(new URL('../../node_modules', import.meta.url));
