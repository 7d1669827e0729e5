import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { codeDigests } from '../bundle/code-digests.ts';
import { entryKey } from '../bundle/function-entry.ts';
import { type SqlQueries, sqlDigest } from '../contract/sql-queries.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { checkDefinitionSize } from './check-definition-size.ts';
import { type Analysis, analysePipeline, planAnalysis } from './compile-pipeline.ts';
import type { LoadedPipeline, LoadOptions } from './loaded-pipeline.ts';
import type { PipelinePlan } from './plan/plan.ts';
import { sqlFileReader } from './read-sql-file.ts';
import { checkSql } from './sql/check-sql.ts';
import { emitMachine } from './states/emit-machine.ts';
import { type StepFunction, stepFunctions } from './states/step-functions.ts';

/** What stands for the digest of code that is not there: such a pipeline compiles, but cannot run. */
const missingCode = 'missing';

/** Reads a template, compiles it, and takes the digests of its handlers' code. Throws only when the file cannot be read. */
export async function loadPipeline(path: string, options: LoadOptions): Promise<LoadedPipeline> {
  const text = await readFile(path, 'utf8');
  const file = relative(process.cwd(), path) || path;
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const handlerExists = (entry: string) => existsSync(resolve(options.root, entry));
  const handlerFiles = await filesBelow(options.root, join('lambdas', 'steps'));
  const readSql = sqlFileReader(dirname(resolve(path)), options.root);
  const analysis = analysePipeline({ file, text }, { ...options, handlerExists, handlerFiles, readSql }, report);
  const datasets = analysis && (await checkSql(analysis, report));
  const sound = () => diagnostics.every(({ severity }) => severity !== 'error');
  const plan = analysis && sound() ? planAnalysis(analysis) : null;
  const codeOf = plan && (await digests(plan, { root: options.root, handlerExists, report }));
  const texts = new Map([[file, text], ...sqlTexts(analysis)]);
  if (!plan || !codeOf || !datasets || !sound()) return { ok: false, file, texts, diagnostics };
  const machine = emitMachine(plan, codeOf);
  checkDefinitionSize({ file, machine }, report);
  return { ok: true, file, texts, diagnostics, plan, machine, datasets };
}

/** Texts of the files with queries, by path as diagnostics show it. */
const sqlTexts = (analysis: Analysis | null): (readonly [string, string])[] =>
  [...(analysis?.queries.values() ?? [])]
    .flatMap(({ sources }) => sources)
    .filter(({ file }) => file !== null)
    .map(({ place, text }) => [place(0, 0).file, text]);

/** Paths relative to the root, with forward slashes; none when there is no such folder. */
async function filesBelow(root: string, folder: string): Promise<string[]> {
  const files = await readdir(join(root, folder), { recursive: true }).catch(() => []);
  return files.map((file) => join(folder, file).replaceAll(sep, '/')).filter((file) => file.endsWith('.ts'));
}

interface DigestOptions {
  readonly root: string;
  readonly handlerExists: (entry: string) => boolean;
  readonly report: Report;
}

async function digests(plan: PipelinePlan, options: DigestOptions) {
  const handlers = stepFunctions(plan.steps).flatMap(({ work }) => (work.kind === 'handler' ? [work] : []));
  const found = await codeDigests(
    handlers.filter(({ entry }) => options.handlerExists(entry)),
    options,
  );
  return ({ work }: StepFunction) =>
    work.kind === 'sql' ? codeOfSql(work.queries) : (found.get(entryKey(work)) ?? missingCode);
}

const codeOfSql = (sql: SqlQueries): string =>
  [...sql.datasets, ...(sql.result ? [sql.result] : [])].some(({ text }) => text === '') ? missingCode : sqlDigest(sql);
