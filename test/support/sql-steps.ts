import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import jsonata from 'jsonata';
import { parse } from 'yaml';

/** A query of a template's `sql` step, read without the compiler. */
export interface StepQuery {
  readonly text: string;
  /** The step's `params` that the text names. */
  readonly values: Readonly<Record<string, string | number>>;
}

export interface SqlStep {
  /** In the template's order; later queries may read earlier ones. */
  readonly datasets: Readonly<Record<string, StepQuery>>;
  readonly result: StepQuery;
}

interface Written {
  readonly name: string;
  readonly sql?: {
    readonly datasets: Readonly<Record<string, { readonly file: string }>>;
    readonly result: { readonly file: string };
    readonly params?: Readonly<Record<string, string | number>>;
  };
}

/** The names that parameters know: the input, results of dependencies by step, and the bounds of the partition. */
export interface ParameterScope {
  readonly input: object;
  readonly result: Readonly<Record<string, object>>;
  readonly partition?: { readonly start: string; readonly end: string } | undefined;
}

/** The queries of one step of a template, with their parameters. */
export async function sqlStepOf(template: string, name: string, scope: ParameterScope): Promise<SqlStep> {
  const steps = parse(await readFile(template, 'utf8')).steps as readonly Written[];
  const { sql } = steps.find((step) => step.name === name) ?? {};
  if (sql === undefined) throw new Error(`${template} has no SQL step ${name}`);
  const query = async ({ file }: { readonly file: string }): Promise<StepQuery> => {
    const text = await readFile(join(dirname(template), file), 'utf8');
    const named = Object.entries(sql.params ?? {}).filter(([param]) => text.includes(`$${param}`));
    const values = await Promise.all(named.map(async ([param, value]) => [param, await evaluated(value, scope)]));
    const { start, end } = scope.partition ?? {};
    const bounds = Object.entries({ partition_start: start, partition_end: end });
    const given = bounds.filter(([bound, at]) => at !== undefined && text.includes(`$${bound}`));
    return { text, values: Object.fromEntries([...values, ...given]) };
  };
  const datasets = Object.entries(sql.datasets).map(async ([dataset, file]) => [dataset, await query(file)]);
  return { datasets: Object.fromEntries(await Promise.all(datasets)), result: await query(sql.result) };
}

const evaluated = async (value: string | number, scope: ParameterScope): Promise<string | number> => {
  const expression = /^\{%(.*)%\}$/.exec(String(value))?.[1];
  return expression === undefined ? value : await jsonata(expression).evaluate(scope);
};
