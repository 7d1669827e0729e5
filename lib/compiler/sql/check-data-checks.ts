/** Finds mistakes in `checks` before a run: missing columns, values that do not fit, datasets that are not upstream, queries that DuckDB cannot plan. */
import {
  columnsOf,
  type DataCheck,
  type Literal,
  quarantineOf,
  reasonColumn,
} from '../../contract/records/data-check.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { DiagnosticCode } from '../../diagnostics/diagnostic-codes.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { columnKind, literalFor } from '../../input/literal-for.ts';
import type { StepTemplate, Template } from '../template/template.ts';
import { checkQuery } from './check-query.ts';
import { findTable, type TableScope } from './find-table.ts';
import type { KnownColumns } from './known-datasets.ts';
import type { Probe } from './probe.ts';

interface Scope {
  readonly template: Template;
  readonly step: StepTemplate;
  /** The tables that the step's checks may read: those of its dependencies, and its own datasets. */
  readonly tables: TableScope;
  readonly probe: Probe;
}

/** True if a step declares checks. */
export function hasChecks({ outputs }: Pick<StepTemplate, 'outputs'>): boolean {
  return Object.values(outputs ?? {}).some(({ checks }) => checks.length > 0);
}

/** Checks all checks of a step. The columns of datasets that only a run knows are not checked. */
export async function checkDataChecks(scope: Scope): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const [dataset, { checks }] of Object.entries(scope.step.outputs ?? {})) {
    const columns = scope.tables.known.columns(scope.step.name, dataset);
    const apart = checks.some(({ on_violation }) => on_violation === 'quarantine');
    if (apart) found.push(...quarantineProblems(dataset, columns, scope));
    for (const { index, ...check } of checks) {
      const of = new CheckOf(check, { dataset, index, columns, ...scope });
      found.push(...of.problems(), ...(check.kind === 'sql' ? await queryProblems(check.query, of) : []));
    }
  }
  return found;
}

const placeOf = ({ template, step }: Scope, ...path: readonly (string | number)[]) =>
  template.at(['steps', step.index, 'outputs', ...path]);

function quarantineProblems(dataset: string, columns: KnownColumns | null, scope: Scope): Diagnostic[] {
  const name = quarantineOf(dataset);
  const at = placeOf(scope, dataset);
  const taken = Object.hasOwn(scope.step.outputs ?? {}, name);
  return [
    ...(taken
      ? [makeDiagnostic('BAD_NAME', at, `"${name}" is the name of the rows in quarantine; rename that dataset`)]
      : []),
    ...(columns && Object.hasOwn(columns, reasonColumn)
      ? [
          makeDiagnostic(
            'BAD_COLUMN',
            at,
            `rows in quarantine get a column "${reasonColumn}", which the dataset has itself; rename it`,
          ),
        ]
      : []),
  ];
}

interface CheckScope extends Scope {
  readonly dataset: string;
  readonly index: number;
  readonly columns: KnownColumns | null;
}

class CheckOf {
  readonly check: DataCheck;
  readonly scope: CheckScope;
  readonly #found: Diagnostic[] = [];

  constructor(check: DataCheck, scope: CheckScope) {
    this.check = check;
    this.scope = scope;
  }

  say(code: DiagnosticCode, message: string): void {
    const { dataset, index } = this.scope;
    this.#found.push(
      makeDiagnostic(code, placeOf(this.scope, dataset, 'checks', index), `the check "${this.check.name}": ${message}`),
    );
  }

  problems(): readonly Diagnostic[] {
    const { check, scope } = this;
    const own = columnsOf(check);
    const types = own.map((column) => this.#typeOf(column, scope.columns, `dataset "${scope.dataset}"`));
    const [type] = types;
    if (type) this.#values(type);
    if (check.kind === 'foreign_key') {
      const there = this.#columnsOf(check);
      for (const [index, column] of check.to.entries()) {
        const other = this.#typeOf(column, there, `"${check.step}"."${check.dataset}"`);
        if (other && types[index] && columnKind(other) !== columnKind(types[index] ?? ''))
          this.say(
            'BAD_VALUE',
            `"${own[index]}" is ${types[index]} and "${column}" is ${other}, which are never equal`,
          );
      }
    }
    if (check.kind === 'sum_equals' && 'step' in check.equals) {
      const { column, ...place } = check.equals;
      const other = this.#typeOf(column, this.#columnsOf(place), `"${place.step}"."${place.dataset}"`);
      if (other && columnKind(other) !== 'number') this.say('BAD_VALUE', `"${column}" is ${other}, which has no sum`);
    }
    if (check.kind === 'anomaly') this.#anomaly(check, types);
    return this.#found;
  }

  #anomaly({ columns, measures }: Extract<DataCheck, { kind: 'anomaly' }>, types: readonly (string | null)[]): void {
    const { template, step, dataset } = this.scope;
    const setting = step.outputs?.[dataset]?.profile ?? template.profile;
    if (setting?.on === false)
      this.say('KEY_CONFLICT', 'it compares the profile of the dataset, and "profile" is false; leave that out');
    if (measures?.join() !== 'mean') return;
    for (const [index, type] of types.entries())
      if (type !== null && columnKind(type) !== 'number')
        this.say('BAD_VALUE', `"${columns?.[index]}" is ${type}, which has no mean`);
  }

  /** Reports values of the check that do not fit the type of its column. */
  #values(type: string): void {
    const { check } = this;
    const literals: readonly (Literal | null)[] =
      check.kind === 'range' ? [check.min, check.max] : check.kind === 'accepted_values' ? check.values : [];
    for (const literal of literals) {
      const fitting = literal && literalFor(literal, type);
      if (fitting && 'fault' in fitting) this.say('BAD_VALUE', fitting.fault);
    }
    if (check.kind === 'regex' && type !== 'VARCHAR')
      this.say('BAD_VALUE', `the column is ${type}, and a pattern needs VARCHAR`);
    if (check.kind === 'freshness' && columnKind(type) !== 'time')
      this.say('BAD_VALUE', `the column is ${type}; an age needs DATE or TIMESTAMP`);
    if (check.kind === 'sum_equals' && columnKind(type) !== 'number')
      this.say('BAD_VALUE', `the column is ${type}, which has no sum`);
  }

  #typeOf(column: string, columns: KnownColumns | null, where: string): string | null {
    if (columns === null) return null;
    if (Object.hasOwn(columns, column)) return columns[column] ?? null;
    const names = Object.keys(columns);
    this.say(
      'UNKNOWN_COLUMN',
      `${where} has no column "${column}"${didYouMean(column, names) || `; it has ${names.join(', ')}`}`,
    );
    return null;
  }

  #columnsOf({ step, dataset }: { readonly step: string; readonly dataset: string }): KnownColumns | null {
    const table = findTable([step, dataset], this.scope.tables);
    if ('step' in table) return this.scope.tables.known.columns(table.step, table.dataset);
    this.say(table.code, table.message);
    return null;
  }
}

/** The query of a check, with the rows of its dataset as `this`. All its mistakes are reported at the check. */
async function queryProblems(query: string, { check, scope }: CheckOf): Promise<Diagnostic[]> {
  const { dataset, index, step, tables, probe } = scope;
  const at = placeOf(scope, dataset, 'checks', index, 'sql');
  const text = `WITH this AS (SELECT * FROM "${step.name}"."${dataset}")\nSELECT * FROM (${query}\n) AS found`;
  const source = { file: null, text, dataset: null, place: () => at };
  const { found } = await checkQuery(source, { probe, parameters: {}, scope: tables });
  return found.map((one) => ({ ...one, message: `the check "${check.name}": ${one.message}` }));
}
