import { posix } from 'node:path';
import type { SqlQueries, SqlText } from '../../contract/sql-queries.ts';
import type { Report, Span } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { SourceFile } from '../../diagnostics/source-file.ts';
import { longestFunctionSeconds } from '../plan/defaults.ts';
import type { QueryTemplate, SqlTemplate, Template } from '../template/template.ts';
import { largestSql, type SqlFile } from './sql-file.ts';

/** A query with the place of each of its characters. */
export interface QuerySource extends SqlText {
  /** Name of the dataset that it makes; null for the query of the step's result. */
  readonly dataset: string | null;
  /** From one index of the text up to, not including, another. */
  place(start: number, end: number): Span;
}

/** The queries of one step, in the order in which they run. */
export interface StepQueries {
  readonly queries: SqlQueries;
  /** The same with positions; without queries whose text could not be read, which has been reported. */
  readonly sources: readonly QuerySource[];
}

export interface SqlFiles {
  /** Reads the file with this path from the template's folder. If left out, no file exists. */
  readonly readSql?: (file: string) => SqlFile;
  /** Missing files are warnings. */
  readonly allowMissingHandlers: boolean;
}

/** The texts of all SQL steps, by step. Files that cannot be used are reported, and time-outs that a query cannot have. */
export function readQueries(template: Template, files: SqlFiles, report: Report): ReadonlyMap<string, StepQueries> {
  const reader = new QueryReader(template, files, report);
  for (const { index, name, sql, timeoutMs } of template.steps) {
    if (!sql || (timeoutMs ?? 0) <= longestFunctionSeconds * 1000) continue;
    const message = `a query cannot continue in another invocation, so the effective time-out of step "${name}" is 15m; write several steps, or give it more memory_mb`;
    report(makeDiagnostic('VALUE_ROUNDED', template.at(['steps', index, 'timeout']), message));
  }
  return new Map(template.steps.flatMap(({ name, sql }) => (sql ? [[name, reader.read(sql)] as const] : [])));
}

class QueryReader {
  readonly #template: Template;
  readonly #files: SqlFiles;
  readonly #report: Report;

  constructor(template: Template, files: SqlFiles, report: Report) {
    this.#template = template;
    this.#files = files;
    this.#report = report;
  }

  read({ form, datasets, result, finite }: SqlTemplate): StepQueries {
    const sources: QuerySource[] = [];
    let bytes = 0;
    const textOf = (query: QueryTemplate, dataset: string | null): SqlText => {
      const source = query.file === null ? this.#written(query, dataset) : this.#fromFile(query.file, query, dataset);
      bytes += Buffer.byteLength(source?.text ?? '');
      if (bytes > largestSql)
        this.#say(
          'BAD_SQL_FILE',
          query,
          `the queries of a step may have ${largestSql} bytes together; up to this one there are ${bytes}`,
        );
      else if (source) sources.push(source);
      return { text: source?.text ?? '', file: query.file };
    };
    return {
      queries: {
        form,
        datasets: datasets.map((query) => ({ name: query.name, ...textOf(query, query.name) })),
        result: result && textOf(result, null),
        ...(finite && { finite }),
      },
      sources,
    };
  }

  #written(query: QueryTemplate, dataset: string | null): QuerySource {
    const place = (start: number, end: number): Span => this.#template.inside(query.path, start, end);
    return { dataset, text: query.query ?? '', file: null, place };
  }

  #fromFile(file: string, query: QueryTemplate, dataset: string | null): QuerySource | null {
    const found = this.#files.readSql?.(file) ?? { code: 'SQL_FILE_NOT_FOUND', problem: 'does not exist' };
    const shown = posix.join(posix.dirname(this.#template.file.replaceAll('\\', '/')), file);
    if ('text' in found) {
      const source = new SourceFile(shown, found.text);
      return { dataset, text: found.text, file, place: (start, end) => source.span(start, end) };
    }
    this.#say(found.code, query, `the query is looked for in ${shown}, which ${found.problem}`);
    return null;
  }

  #say(code: 'SQL_FILE_NOT_FOUND' | 'BAD_PATH' | 'BAD_SQL_FILE', { path }: QueryTemplate, message: string): void {
    const diagnostic = makeDiagnostic(code, this.#template.at(path), message);
    const mayMiss = code === 'SQL_FILE_NOT_FOUND' && this.#files.allowMissingHandlers;
    this.#report(mayMiss ? { ...diagnostic, severity: 'warning' } : diagnostic);
  }
}
