import type { DiagnosticCode } from '../../diagnostics/diagnostic-codes.ts';
import { didYouMean, nearestName } from '../../diagnostics/did-you-mean.ts';
import { foldName } from '../../duckdb/guard/sql-position.ts';
import type { KnownDatasets } from './known-datasets.ts';

/** The step that asks for a table, and the tables that exist. */
export interface TableScope {
  readonly step: string;
  readonly dependencies: readonly string[];
  /** All steps of the pipeline. */
  readonly steps: readonly string[];
  /** Steps that come after this one: it cannot depend on them. */
  readonly later: readonly string[];
  /** Datasets that the step's queries before this one make. */
  readonly own: readonly string[];
  readonly known: KnownDatasets;
}

export interface FoundTable {
  readonly step: string;
  readonly dataset: string;
}

export interface NoTable {
  readonly code: DiagnosticCode;
  readonly message: string;
}

/** Finds the dataset that a table of a query names, or the reason why the query cannot read it. */
export function findTable(path: readonly string[], scope: TableScope): FoundTable | NoTable {
  const [first = '', second] = path;
  if (path.length !== 2 || second === undefined) return notTwoParts(path, scope);
  const upstream = named(first, scope.dependencies);
  if (upstream !== undefined) return inStep(upstream, second, scope);
  if (foldName(first) === foldName(scope.step)) return ofOwnStep(second, scope);
  const other = named(first, scope.steps);
  if (other !== undefined) return notUpstream(other, scope);
  const hint = didYouMean(first, scope.dependencies) || didYouMean(first, scope.steps) || readable(scope);
  return { code: 'UNKNOWN_TABLE', message: `there is no table ${shown(path)}: no step is called "${first}"${hint}` };
}

const named = (name: string, names: readonly string[]): string | undefined =>
  names.find((one) => foldName(one) === foldName(name));

const shown = (path: readonly string[]): string => path.map((part) => `"${part}"`).join('.');

const inStep = (step: string, dataset: string, { known }: TableScope): FoundTable | NoTable => {
  const names = known.names(step);
  if (names === null) return { step, dataset };
  const found = named(dataset, names);
  if (found !== undefined) return { step, dataset: found };
  const nearest = nearestName(dataset, names);
  const hint = nearest === null ? `; it makes ${listed(names)}` : `; did you mean ${shown([step, nearest])}?`;
  return { code: 'UNKNOWN_DATASET', message: `the step "${step}" has no dataset "${dataset}"${hint}` };
};

const ofOwnStep = (dataset: string, { step, own, known }: TableScope): FoundTable | NoTable => {
  const found = named(dataset, own);
  if (found !== undefined) return { step, dataset: found };
  const made = named(dataset, known.names(step) ?? []);
  const message =
    made === undefined
      ? `the step "${step}" makes no dataset "${dataset}"${own.length > 0 ? `; before this query it makes ${listed(own)}` : ''}`
      : `${shown([step, made])} does not exist yet: a query reads the datasets of earlier queries; move it up`;
  return { code: 'UNKNOWN_DATASET', message };
};

const notUpstream = (other: string, { step, later }: TableScope): NoTable => {
  const message = later.includes(other)
    ? `"${other}" comes after the step "${step}", which therefore cannot read it`
    : `the step "${step}" does not depend on "${other}"; add it to dependencies to read what it makes`;
  return { code: 'NOT_UPSTREAM', message };
};

const notTwoParts = (path: readonly string[], scope: TableScope): NoTable => {
  const last = path.at(-1) ?? '';
  const sources = [
    ...scope.dependencies.map((step) => [step, scope.known.names(step) ?? []] as const),
    [scope.step, scope.own] as const,
  ];
  const same = sources.flatMap(([step, names]) => {
    const found = named(last, names);
    return found === undefined ? [] : [shown([step, found])];
  });
  const step = path.length === 1 ? named(last, scope.dependencies) : undefined;
  const hint =
    same.length > 0
      ? `; did you mean ${same.join(' or ')}?`
      : step !== undefined
        ? `; "${step}" is a step: write ${shown([step, scope.known.names(step)?.[0] ?? '<dataset>'])}`
        : readable(scope);
  return {
    code: 'UNKNOWN_TABLE',
    message: `there is no table ${shown(path)}: tables are named "step"."dataset"${hint}`,
  };
};

/** The tables that the step could read, as the end of a message. */
const readable = ({ dependencies, known, step, own }: TableScope): string => {
  const tables = [
    ...dependencies.flatMap((name) => (known.names(name) ?? ['...']).map((dataset) => shown([name, dataset]))),
    ...own.map((dataset) => shown([step, dataset])),
  ];
  return tables.length > 0
    ? `; there is ${listedAsIs(tables)}`
    : '; the step has no dependencies whose datasets it could read';
};

const most = 12;

const listedAsIs = (names: readonly string[]): string =>
  `${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`;

const listed = (names: readonly string[]): string => listedAsIs(names.map((name) => `"${name}"`));
