/** The demands of the template's `outputs` on the datasets that a step writes. */

import { type ColumnDifference, columnDifferences } from '../../columns/column-differences.ts';
import { ValidationError } from '../../contract/errors.ts';
import type { StepSpec } from '../../contract/step-spec.ts';
import { wantedProfile } from '../profiles/wanted-profile.ts';
import type { Columns } from '../step.ts';

type Declared = Readonly<Record<string, { readonly schema?: Columns; readonly checks?: readonly unknown[] }>>;

type Declaring = Pick<StepSpec, 'name' | 'config'>;

// The compiler has read it, and no one else writes a step's configuration.
const declaredOf = ({ config }: Declaring): Declared => (config.outputs ?? {}) as Declared;

/** Throws a ValidationError with every difference when a dataset's columns, types in their one spelling, are not those that are declared. */
export function checkColumns(step: Declaring, dataset: string, columns: Columns): void {
  const declared = declaredOf(step);
  const schema = Object.hasOwn(declared, dataset) ? declared[dataset]?.schema : undefined;
  const differences = schema === undefined ? [] : columnDifferences(schema, columns);
  if (differences.length === 0) return;
  throw new ValidationError(
    `the columns of dataset "${dataset}" of step ${step.name} are not those under "outputs"`,
    differences.map(inWords),
  );
}

/** True if one of these datasets has checks, or gets a profile. */
export function isLookedAt(step: Declaring & Pick<StepSpec, 'profiles'>, written: readonly string[]): boolean {
  const declared = declaredOf(step);
  const isChecked = (name: string) => Object.hasOwn(declared, name) && (declared[name]?.checks?.length ?? 0) > 0;
  return written.some((name) => isChecked(name) || wantedProfile(step, name) !== null);
}

/** The same for the columns that a handler itself names for what it writes. */
export function checkGivenColumns(dataset: string, given: Columns, found: Columns): void {
  const differences = columnDifferences(given, found);
  if (differences.length === 0) return;
  throw new ValidationError(`the columns of dataset "${dataset}" are not those given for it`, differences.map(inWords));
}

const inWords = ({ column, declared, made }: ColumnDifference): string => {
  if (declared === null) return `"${column}" is written as ${made}, and is not declared`;
  if (made === null) return `"${column}" is declared as ${declared}, and is not written`;
  return `"${column}" is written as ${made}, and is declared as ${declared}`;
};

/** Throws a ValidationError when a declared dataset was not written. */
export function checkDatasets(step: Declaring, written: Iterable<string>): void {
  const there = new Set(written);
  const missing = Object.keys(declaredOf(step)).filter((dataset) => !there.has(dataset));
  if (missing.length === 0) return;
  throw new ValidationError(
    `step ${step.name} did not write what is declared under "outputs"; a dataset without rows has to be written too`,
    missing.map((dataset) => `"${dataset}"`),
  );
}
