import { dirname, relative, resolve, sep } from 'node:path';
import { entryKey } from '../bundle/function-entry.ts';
import type { HandlerCode } from '../bundle/handler-code.ts';
import type { SqlQueries } from '../contract/sql-queries.ts';
import type { StepPlan } from './plan/plan.ts';
import type { Template } from './template/template.ts';

interface Sources {
  /** Absolute path of the project's root; places begin there. */
  readonly root: string;
  /** Path of the template. */
  readonly path: string;
  readonly code: ReadonlyMap<string, HandlerCode>;
  readonly template: Template;
}

/** Where people find the work of a step: `lambdas/steps/orders/extract.ts:3:14`, or the file of its query. A failure shows it if the error has no place. */
export function stepPlaces({ root, path, code, template }: Sources): (step: StepPlan) => string {
  const fromRoot = (file: string): string => relative(resolve(root), file).split(sep).join('/');
  return ({ name, work }) => {
    if (work.kind === 'handler') return `${work.entry}${code.get(entryKey(work))?.position ?? ''}`;
    const file = firstFile(work.queries, dirname(resolve(path)));
    if (file !== null) return fromRoot(file);
    const { line, column } = template.at(['steps', template.steps.findIndex((step) => step.name === name), 'sql']);
    return `${fromRoot(resolve(path))}:${line}:${column}`;
  };
}

function firstFile({ datasets, result }: SqlQueries, folder: string): string | null {
  const file = [...datasets, ...(result ? [result] : [])].find((query) => query.file !== null)?.file;
  return file === undefined || file === null ? null : resolve(folder, file);
}
