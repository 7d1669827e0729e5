import { dirname, relative, resolve } from 'node:path';
import type { Report } from '../diagnostics/diagnostic.ts';
import { checkSqlEverywhere } from './check-sql-everywhere.ts';
import { analysePipeline, type FullAnalysis } from './compile-pipeline.ts';
import type { LoadOptions } from './loaded-pipeline.ts';
import { isProjectFile, sourcesBelow } from './project-files.ts';
import { sqlFileReader } from './read-sql-file.ts';
import { readTemplate } from './read-template.ts';
import type { PipelineVariant } from './types/declare-pipeline.ts';

/** A template read from disk and understood, with its queries planned. */
export interface LoadedAnalysis {
  /** Path of the template as diagnostics show it. */
  readonly file: string;
  /** The template's text and those of its SQL files, by path as diagnostics show it. */
  readonly texts: ReadonlyMap<string, string>;
  /** Null if there is nothing that could be checked. */
  readonly analysis: FullAnalysis | null;
  /** The template in every environment, the chosen one first; empty together with `analysis`. */
  readonly variants: readonly PipelineVariant[];
}

/** Reads a template and its queries, and checks both. Throws only when the file cannot be read. */
export async function loadAnalysis(path: string, options: LoadOptions, report: Report): Promise<LoadedAnalysis> {
  const file = relative(process.cwd(), path) || path;
  const { text, sound } = await readTemplate({ path, file }, report);
  if (!sound) return { file, texts: new Map([[file, text]]), analysis: null, variants: [] };

  const readSql = sqlFileReader(dirname(resolve(path)), options.root);
  const project = {
    handlerExists: (entry: string) => isProjectFile(options.root, entry),
    handlerFiles: sourcesBelow(options.root, 'lambdas/steps'),
  };
  const analysis = analysePipeline({ file, text }, { ...options, ...project, readSql }, report);
  const variants = analysis ? await checkSqlEverywhere(analysis, report) : [];
  return { file, texts: new Map([[file, text], ...sqlTexts(analysis)]), analysis, variants };
}

/** Texts of the files with queries, by path as diagnostics show it. */
const sqlTexts = (analysis: FullAnalysis | null): (readonly [string, string])[] =>
  (analysis ? [analysis, ...analysis.environments.values()] : [])
    .flatMap(({ queries }) => [...queries.values()])
    .flatMap(({ sources }) => sources)
    .filter(({ file }) => file !== null)
    .map(({ place, text }) => [place(0, 0).file, text]);
