import { dirname, relative, resolve } from 'node:path';
import { entryKey, type FunctionEntry } from '../bundle/function-entry.ts';
import { type HandlerCode, handlerCode } from '../bundle/handler-code.ts';
import { type SqlQueries, sqlDigest } from '../contract/sql-queries.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { checkDefinitionSize } from './check-definition-size.ts';
import { checkSqlEverywhere } from './check-sql-everywhere.ts';
import { checkDefaults } from './checks/check-defaults.ts';
import { checkFunctions } from './checks/check-functions.ts';
import { checkHandlerConfig } from './checks/check-handler-config.ts';
import { checkHistory } from './checks/check-history.ts';
import { checkSchedule, manyStarts } from './checks/check-schedule.ts';
import { checkSchemas } from './checks/check-schemas.ts';
import { checkSetup } from './checks/check-setup.ts';
import { checkStepExports } from './checks/check-step-exports.ts';
import { analysePipeline, type FullAnalysis, planAnalysis } from './compile-pipeline.ts';
import type { LoadedPipeline, LoadOptions } from './loaded-pipeline.ts';
import type { PipelinePlan, StepPlan } from './plan/plan.ts';
import { isProjectFile, sourcesBelow } from './project-files.ts';
import { sqlFileReader } from './read-sql-file.ts';
import { readTemplate } from './read-template.ts';
import { emitMachine } from './states/emit-machine.ts';

/** The digest of missing code. A pipeline with it compiles, but cannot run. */
const missingCode = 'missing';

/** Reads a template, compiles it, and takes the digests of its handlers' code. Throws only when the file cannot be read. */
export async function loadPipeline(path: string, options: LoadOptions): Promise<LoadedPipeline> {
  const file = relative(process.cwd(), path) || path;
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const isSound = () => diagnostics.every(({ severity }) => severity !== 'error');
  const { text, sound } = await readTemplate({ path, file }, report);
  if (!sound) return { ok: false, file, texts: new Map([[file, text]]), diagnostics, named: null };

  const project = new Project(options, report);
  const readSql = sqlFileReader(dirname(resolve(path)), options.root);
  const analysis = analysePipeline({ file, text }, { ...options, ...project.handlers, readSql }, report);
  const datasets = analysis && (await checkSqlEverywhere(analysis, report));
  if (analysis) await project.check(analysis);
  const plan = analysis && isSound() ? planAnalysis(analysis) : null;
  const code = plan && analysis && (await project.code(plan, analysis));
  const texts = new Map([[file, text], ...sqlTexts(analysis)]);
  const common = { file, texts, diagnostics, named: analysis?.named ?? null };
  if (!analysis || !plan || !code || !datasets || !isSound()) return { ...common, ok: false };
  const machine = emitMachine(plan, digestsOf(code));
  checkDefinitionSize({ file, machine }, report);
  checkFunctions({ file, plan, machine }, report);
  checkHistory(plan, analysis.template, report);
  return { ...common, ok: true, plan, machine, datasets, code };
}

/** Texts of the files with queries, by path as diagnostics show it. */
const sqlTexts = (analysis: FullAnalysis | null): (readonly [string, string])[] =>
  (analysis ? [analysis, ...analysis.environments.values()] : [])
    .flatMap(({ queries }) => [...queries.values()])
    .flatMap(({ sources }) => sources)
    .filter(({ file }) => file !== null)
    .map(({ place, text }) => [place(0, 0).file, text]);

/** The checks of a template against the project's files. */
class Project {
  readonly #options: LoadOptions;
  readonly #report: Report;
  readonly handlers: { readonly handlerExists: (entry: string) => boolean; readonly handlerFiles: readonly string[] };

  constructor(options: LoadOptions, report: Report) {
    this.#options = options;
    this.#report = report;
    this.handlers = {
      handlerExists: (entry) => isProjectFile(options.root, entry),
      handlerFiles: sourcesBelow(options.root, 'lambdas/steps'),
    };
  }

  /** Finds mistakes that otherwise only a start, a run or a deployment would find. */
  async check({ template }: FullAnalysis): Promise<void> {
    const { now = Date.now(), thorough = false } = this.#options;
    checkSetup(template, { ...this.#options, exists: this.handlers.handlerExists }, this.#report);
    checkDefaults(template, this.#report);
    checkSchemas(template, this.#report);
    checkHandlerConfig(template, this.#report);
    await checkSchedule(template, { now, count: thorough ? manyStarts : 1 }, this.#report);
  }

  /** The code of the steps' handlers, by `entryKey`. Handlers of all environments are built and looked at. */
  async code(plan: PipelinePlan, { environments }: FullAnalysis): Promise<ReadonlyMap<string, HandlerCode>> {
    const others = [...environments.values()].flatMap(({ template }) =>
      template.steps.filter(({ sql }) => !sql).map(({ handler }) => handler),
    );
    const own = plan.steps.flatMap(({ work }) => (work.kind === 'handler' ? [work] : []));
    const entries = new Map<string, FunctionEntry>([...others, ...own].map((entry) => [entryKey(entry), entry]));
    const present = [...entries.values()].filter(({ entry }) => this.handlers.handlerExists(entry));
    const options = { root: this.#options.root, report: this.#report };
    const found = await handlerCode(present, options);
    await checkStepExports(
      present.filter((entry) => found.has(entryKey(entry))),
      options.root,
      this.#report,
    );
    return found;
  }
}

/** The digest of each step's code. */
const digestsOf =
  (code: ReadonlyMap<string, HandlerCode>) =>
  ({ work }: StepPlan): string =>
    work.kind === 'sql' ? codeOfSql(work.queries) : (code.get(entryKey(work))?.digest ?? missingCode);

const codeOfSql = (sql: SqlQueries): string =>
  [...sql.datasets, ...(sql.result ? [sql.result] : [])].some(({ text }) => text === '') ? missingCode : sqlDigest(sql);
