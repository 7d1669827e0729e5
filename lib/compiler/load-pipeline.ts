import { entryKey, type FunctionEntry } from '../bundle/function-entry.ts';
import { type HandlerCode, handlerCode } from '../bundle/handler-code.ts';
import { type SqlQueries, sqlDigest } from '../contract/sql-queries.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { checkDefinitionSize } from './check-definition-size.ts';
import { checkAlerts } from './checks/check-alerts.ts';
import { checkDeadlines } from './checks/check-deadlines.ts';
import { checkDefaults } from './checks/check-defaults.ts';
import { checkFunctions } from './checks/check-functions.ts';
import { checkHandlerConfig } from './checks/check-handler-config.ts';
import { checkHistory } from './checks/check-history.ts';
import { checkNeeds } from './checks/check-needs.ts';
import { checkPartition } from './checks/check-partition.ts';
import { checkPublish } from './checks/check-publish.ts';
import { checkSchedule, manyStarts } from './checks/check-schedule.ts';
import { checkSchemas } from './checks/check-schemas.ts';
import { checkSetup } from './checks/check-setup.ts';
import { checkStepExports } from './checks/check-step-exports.ts';
import { checkTightDeadlines } from './checks/check-tight-deadlines.ts';
import { type FullAnalysis, planAnalysis } from './compile-pipeline.ts';
import { loadAnalysis } from './load-analysis.ts';
import type { LoadedPipeline, LoadOptions } from './loaded-pipeline.ts';
import type { PipelinePlan, StepPlan } from './plan/plan.ts';
import { isProjectFile } from './project-files.ts';
import { emitMachine } from './states/emit-machine.ts';
import { stepPlaces } from './step-places.ts';

/** The digest of missing code. A pipeline with it compiles, but cannot run. */
const missingCode = 'missing';

/** Reads a template, compiles it, and takes the digests of its handlers' code. Throws only when the file cannot be read. */
export async function loadPipeline(path: string, options: LoadOptions): Promise<LoadedPipeline> {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const isSound = () => diagnostics.every(({ severity }) => severity !== 'error');
  const { file, texts, analysis, variants } = await loadAnalysis(path, options, report);

  const project = new Project(options, report);
  if (analysis) await project.check(analysis);
  if (analysis) checkPublish(analysis.template, (step) => variants[0]?.datasets.names(step) ?? null, report);
  const known = isSound() ? variants : [];
  const plan = analysis && isSound() ? planAnalysis(analysis, options.projectAlerts ?? null) : null;
  const code = plan && analysis && (await project.code(plan, analysis));
  const common = { file, texts, diagnostics, named: analysis?.named ?? null, variants: known };
  const [chosen] = known;
  if (!analysis || !plan || !code || !chosen || !isSound()) return { ...common, ok: false };
  const places = stepPlaces({ root: options.root, path, code, template: analysis.template });
  const machine = emitMachine(plan, digestsOf(code), places);
  checkDefinitionSize({ file, machine }, report);
  checkFunctions({ file, plan, machine }, report);
  checkHistory(plan, analysis.template, report);
  checkTightDeadlines(plan, analysis.template, { now: options.now ?? Date.now(), report });
  return { ...common, ok: true, plan, machine, datasets: chosen.datasets, code };
}

/** The checks of a template against the project's files. */
class Project {
  readonly #options: LoadOptions;
  readonly #report: Report;
  readonly #exists = (entry: string): boolean => isProjectFile(this.#options.root, entry);

  constructor(options: LoadOptions, report: Report) {
    this.#options = options;
    this.#report = report;
  }

  /** Finds mistakes that otherwise only a start, a run or a deployment would find. */
  async check({ template }: FullAnalysis): Promise<void> {
    const { now = Date.now(), thorough = false } = this.#options;
    checkSetup(template, { ...this.#options, exists: this.#exists }, this.#report);
    checkDefaults(template, this.#report);
    checkSchemas(template, this.#report);
    checkPartition(template, this.#report);
    checkNeeds(template, this.#report);
    checkHandlerConfig(template, this.#report);
    checkDeadlines(template, this.#report);
    checkAlerts(template, this.#report);
    await checkSchedule(template, { now, count: thorough ? manyStarts : 1 }, this.#report);
  }

  /** The code of the steps' handlers, by `entryKey`. Handlers of all environments are built and looked at. */
  async code(plan: PipelinePlan, { environments }: FullAnalysis): Promise<ReadonlyMap<string, HandlerCode>> {
    const others = [...environments.values()].flatMap(({ template }) =>
      template.steps.filter(({ sql }) => !sql).map(({ handler }) => handler),
    );
    const own = plan.steps.flatMap(({ work }) => (work.kind === 'handler' ? [work] : []));
    const entries = new Map<string, FunctionEntry>([...others, ...own].map((entry) => [entryKey(entry), entry]));
    const present = [...entries.values()].filter(({ entry }) => this.#exists(entry));
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
