import { createHash } from 'node:crypto';
import type { SqlQueries } from '../contract/sql-queries.ts';
import { ownModule } from '../package/package-files.ts';

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

/**
 * The modules that projects import by a name of the package, from any folder. SQL steps use `daybreak/sql`, and a function's index uses `daybreak/steps`;
 * handlers import the others.
 */
export const runtimeModules: Readonly<Record<string, string>> = {
  daybreak: ownModule('lib/runtime/index.ts'),
  'daybreak/sql': ownModule('lib/runtime/define-sql-step.ts'),
  'daybreak/steps': ownModule('lib/runtime/shared-steps.ts'),
  'daybreak/sources': ownModule('lib/connectors/sources.ts'),
  'daybreak/sinks': ownModule('lib/connectors/sinks.ts'),
};
