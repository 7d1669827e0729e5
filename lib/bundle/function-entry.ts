import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { SqlQueries } from '../contract/sql-queries.ts';

/** One function of a pipeline as its source: a file and the export in it that Lambda calls. */
export interface FunctionEntry {
  /** Path relative to the project root, with forward slashes. */
  readonly entry: string;
  readonly export: string;
  /** The queries that run instead, of an SQL step. */
  readonly sql?: SqlQueries | null;
}

/** What a `FunctionEntry` is called in maps of digests and bundles. */
export function entryKey({ entry, export: name, sql }: FunctionEntry): string {
  return sql ? `sql#${createHash('sha256').update(JSON.stringify(sql)).digest('hex')}` : `${entry}#${name}`;
}

/** Folder of Daybreak itself: the runtime and the platform functions are there, wherever the pipelines are. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The modules that are imported by a name of the package, wherever the project with the handlers lies. `daybreak/sql` is for SQL steps and `daybreak/steps` for the index of a
 * function; handlers import the others.
 */
export const runtimeModules: Readonly<Record<string, string>> = {
  daybreak: fileURLToPath(new URL('../runtime/index.ts', import.meta.url)),
  'daybreak/sql': fileURLToPath(new URL('../runtime/define-sql-step.ts', import.meta.url)),
  'daybreak/steps': fileURLToPath(new URL('../runtime/shared-steps.ts', import.meta.url)),
  'daybreak/sources': fileURLToPath(new URL('../connectors/sources.ts', import.meta.url)),
  'daybreak/sinks': fileURLToPath(new URL('../connectors/sinks.ts', import.meta.url)),
};

/** Packages that come with Daybreak: found also by handlers in a project that has no node_modules of its own. */
export const ownPackages = fileURLToPath(new URL('../../node_modules', import.meta.url));
