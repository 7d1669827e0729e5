import { columnDifferences } from '../../columns/column-differences.ts';
import { renderColumns } from '../../columns/columns.ts';
import { earlierStep } from '../../contract/partitions/window.ts';
import type { Diagnostic, Report } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { inOrder } from '../../diagnostics/in-order.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { type Graph, isBefore } from '../graph/graph.ts';
import { expressionOf, parameterFormat, parameterType, resultsRead, unknownField } from '../plan/parameter-type.ts';
import { withPartition } from '../plan/partition-params.ts';
import type { StepTemplate, Template } from '../template/template.ts';
import { checkDataChecks, hasChecks } from './check-data-checks.ts';
import { checkQuery, type QueryCheck } from './check-query.ts';
import { differenceInWords } from './difference-in-words.ts';
import type { TableScope } from './find-table.ts';
import { KnownDatasets } from './known-datasets.ts';
import { type Probe, sharedProbe } from './probe.ts';
import type { ProbeParameter } from './probe-messages.ts';
import type { QuerySource, StepQueries } from './read-queries.ts';
import { firstWord } from './text-positions.ts';

/** A pipeline as the compiler knows it before the plan. */
export interface SqlPipeline {
  readonly template: Template;
  readonly graph: Graph | null;
  /** By step. */
  readonly queries: ReadonlyMap<string, StepQueries>;
}

/**
 * Checks the queries of all SQL steps, each after its dependencies: their syntax, their names and the columns of their results, from declared schemas and from earlier
 * queries; and the checks of datasets. Columns that only a run knows are not checked. Runs no query, and loads DuckDB only if there is one. Returns the datasets with all columns that it found.
 */
export async function checkSql({ template, graph, queries }: SqlPipeline, report: Report): Promise<KnownDatasets> {
  const known = new KnownDatasets(template, queries);
  if (!graph || (queries.size === 0 && !template.steps.some(hasChecks))) return known;
  const checker = new SqlChecker({ template, graph, queries, known, probe: sharedProbe });
  const found: Diagnostic[] = [];
  for (const name of graph.names) {
    const step = template.steps.find((one) => one.name === name);
    if (step?.sql) found.push(...(await checker.check(step)));
    if (step && hasChecks(step)) found.push(...(await checker.checkRules(step)));
  }
  const byFile = Map.groupBy(found, ({ span }) => span.file);
  for (const diagnostics of byFile.values()) for (const one of inOrder(diagnostics)) report(one);
  return known;
}

interface CheckerOptions extends SqlPipeline {
  readonly graph: Graph;
  readonly known: KnownDatasets;
  readonly probe: Probe;
}

class SqlChecker {
  readonly #pipeline: CheckerOptions;
  readonly #known: KnownDatasets;

  constructor(pipeline: CheckerOptions) {
    this.#pipeline = pipeline;
    this.#known = pipeline.known;
  }

  /** The checks of a step's datasets. */
  checkRules(step: StepTemplate): Promise<Diagnostic[]> {
    const { template, probe } = this.#pipeline;
    const own = Object.keys(step.outputs ?? {});
    return checkDataChecks({ template, step, probe, tables: { ...this.#scope(step), own } });
  }

  #scope(step: StepTemplate): Omit<TableScope, 'own'> {
    const { graph } = this.#pipeline;
    return {
      step: step.name,
      dependencies: [...(graph.dependencies.get(step.name) ?? []), ...(step.needs ? [earlierStep] : [])],
      steps: graph.names,
      later: graph.names.filter((other) => isBefore(graph, graph.names.indexOf(step.name), graph.names.indexOf(other))),
      known: this.#known,
    };
  }

  async check(step: StepTemplate): Promise<Diagnostic[]> {
    const { template, queries, probe } = this.#pipeline;
    const sources = queries.get(step.name)?.sources ?? [];
    const scope = this.#scope(step);
    const parameters = parametersOf(step, template);
    const found = this.#checkExpressions(step, scope.dependencies);
    const checks: QueryCheck[] = [];
    const own: string[] = [];
    for (const source of sources) {
      const check = await checkQuery(source, { probe, parameters, scope: { ...scope, own: [...own] } });
      checks.push(check);
      if (check.lineage) this.#known.learnLineage(step.name, source.dataset, check.lineage);
      found.push(...check.found, ...this.#compare(step, source, check));
      if (source.dataset !== null) own.push(source.dataset);
    }
    const distinct = found.filter(isFirst);
    const complete = sources.length === (step.sql?.datasets.length ?? 0) + (step.sql?.result ? 1 : 0);
    return complete ? [...distinct, ...this.#unused(step, checks)] : distinct;
  }

  /** Compares a query's result with the declared columns, and keeps the columns for later queries. */
  #compare(step: StepTemplate, source: QuerySource, { columns }: QueryCheck): Diagnostic[] {
    const { dataset, text } = source;
    if (columns === null) return [];
    const made = renderColumns(columns);
    const declared = dataset === null ? null : (step.outputs?.[dataset]?.schema ?? null);
    if (dataset === null || declared === null) {
      this.#known.learn(step.name, dataset, made);
      return [];
    }
    const { start, end } = firstWord(text);
    const related = { message: 'the query', span: source.place(start, end) };
    return columnDifferences(declared, made).map((difference) => {
      const schema = ['steps', step.index, 'outputs', dataset, 'schema'];
      const place = difference.declared === null ? schema : [...schema, difference.column];
      const message = `dataset "${dataset}": ${differenceInWords(difference, Object.keys(made))}`;
      return makeDiagnostic('SCHEMA_MISMATCH', this.#pipeline.template.at(place), message, related);
    });
  }

  /** Results that parameters read have to be those of dependencies, and fields those of the input's schema. */
  #checkExpressions(step: StepTemplate, dependencies: readonly string[]): Diagnostic[] {
    const { template, graph } = this.#pipeline;
    return Object.entries(step.sql?.params ?? {}).flatMap(([name, value]) => {
      const say = (code: 'NOT_UPSTREAM' | 'UNKNOWN_FIELD', what: string): Diagnostic =>
        makeDiagnostic(code, this.#parameter(step, name), `the parameter "${name}" reads ${what}`);
      const found: Diagnostic[] = [];
      for (const other of resultsRead(value).filter((one) => !dependencies.includes(one))) {
        const hint = graph.names.includes(other) ? '; add it to dependencies' : didYouMean(other, dependencies);
        found.push(say('NOT_UPSTREAM', `the result of "${other}", which is not a dependency of "${step.name}"${hint}`));
      }
      const unknown = unknownField(value, template.inputSchema);
      if (unknown) {
        const hint = didYouMean(unknown.field, unknown.known) || `; it has ${unknown.known.join(', ') || 'none'}`;
        found.push(say('UNKNOWN_FIELD', `the field "${unknown.field}", which "input_schema" does not have${hint}`));
      }
      return found;
    });
  }

  #unused(step: StepTemplate, checks: readonly QueryCheck[]): Diagnostic[] {
    if (checks.some(({ parameters }) => parameters === null)) return [];
    const used = new Set(checks.flatMap(({ parameters }) => parameters ?? []));
    return Object.keys(step.sql?.params ?? {})
      .filter((name) => !used.has(name.toLowerCase()))
      .map((name) => {
        const message = `the parameter "${name}" is in no query of step "${step.name}"; write $${name} there, or leave it out`;
        return makeDiagnostic('UNUSED_PARAMETER', this.#parameter(step, name), message);
      });
  }

  #parameter(step: StepTemplate, name: string) {
    return this.#pipeline.template.at(['steps', step.index, 'sql', 'params', name]);
  }
}

/** A step that lacks a dependency may read it in many places: the first one is enough. */
const isFirst = ({ code, message }: Diagnostic, index: number, all: readonly Diagnostic[]): boolean =>
  code !== 'NOT_UPSTREAM' || all.findIndex((one) => one.code === code && one.message === message) === index;

/** Unused ones of the partition change nothing. */
const parametersOf = ({ sql }: StepTemplate, { inputSchema, partition }: Template): Record<string, ProbeParameter> =>
  Object.fromEntries(
    Object.entries(
      withPartition(sql?.params ?? {}, {
        isPartitioned: partition !== null,
        texts: ['$partition $partition_start $partition_end'],
      }),
    ).map(([name, value]) => [
      name,
      {
        type: parameterType(value, inputSchema),
        format: parameterFormat(value, inputSchema),
        ...(expressionOf(value) === null && { value }),
      },
    ]),
  );
