import { PermanentError } from '../errors.ts';

interface Named {
  readonly step: string;
  readonly dataset: string;
}

/** The name of a dataset's table: `build_report__customers`. Glue has lower case alone, and Athena wants no hyphens. */
function tableName({ step, dataset }: Named): string {
  return `${step}__${dataset}`.toLowerCase().replace(/[^a-z0-9_]/g, '_');
}

/** The tables of a pipeline's published datasets, by name. Throws a PermanentError for two datasets whose tables would have one name. */
export function tableNames<T extends Named>(datasets: readonly T[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const one of datasets) {
    const name = tableName(one);
    const other = found.get(name);
    if (other)
      throw new PermanentError(
        `the tables of ${other.step}.${other.dataset} and ${one.step}.${one.dataset} would both be ${name} in the data catalog; rename a step or a dataset`,
      );
    found.set(name, one);
  }
  return found;
}

/** The name of the database with a pipeline's tables: that of its machine, in lower case, with underscores. */
export function databaseName(machine: string): string {
  return machine.toLowerCase().replace(/[^a-z0-9_]/g, '_');
}
