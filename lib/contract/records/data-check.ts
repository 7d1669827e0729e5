/** Checks of a dataset, as the template says them and functions run them. */

/** The result of a violated check: the step fails, a note is kept, or the rows that break the rule are set aside. */
export type OnViolation = 'block' | 'warn' | 'quarantine';

/** A value to compare with, as it is written: so no number is rounded on its way into SQL. */
export type Literal = { readonly number: string } | { readonly text: string } | { readonly flag: boolean };

/** A column of a dataset of an upstream step, or of the step itself. */
export interface ColumnPlace {
  readonly step: string;
  readonly dataset: string;
  readonly column: string;
}

export type CheckRule =
  | { readonly kind: 'row_count'; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'not_null' | 'unique'; readonly columns: readonly string[] }
  | { readonly kind: 'accepted_values'; readonly column: string; readonly values: readonly Literal[] }
  | { readonly kind: 'range'; readonly column: string; readonly min: Literal | null; readonly max: Literal | null }
  | { readonly kind: 'regex'; readonly column: string; readonly pattern: string }
  | {
      readonly kind: 'foreign_key';
      readonly columns: readonly string[];
      readonly step: string;
      readonly dataset: string;
      /** Columns there, one for each of `columns`. */
      readonly to: readonly string[];
    }
  | {
      readonly kind: 'null_percentage';
      readonly column: string /** Per cent, in decimal digits. */;
      readonly max: string;
    }
  | { readonly kind: 'freshness'; readonly column: string; readonly max_age_seconds: number }
  | {
      readonly kind: 'sum_equals';
      readonly column: string;
      readonly equals: ColumnPlace | { readonly number: string };
      /** The largest difference that is allowed, in decimal digits. */
      readonly tolerance: string;
    }
  | { readonly kind: 'sql'; readonly query: string }
  | {
      readonly kind: 'anomaly';
      /** Null: all columns. */
      readonly columns: readonly string[] | null;
      readonly measures: readonly AnomalyMeasure[] | null;
      /** The latest earlier runs that it compares with. */
      readonly runs: number;
      /** Standard deviations that are allowed, in decimal digits. */
      readonly threshold: string;
    };

/** The figures that can be unusual. */
export const anomalyMeasures = ['row_count', 'null_share', 'mean', 'distinct'] as const;
export type AnomalyMeasure = (typeof anomalyMeasures)[number];

export type CheckKind = CheckRule['kind'];

export type DataCheck = CheckRule & {
  /** Of this check among those of the dataset. */
  readonly name: string;
  readonly on_violation: OnViolation;
};

/** The columns of the dataset that a rule names. */
export function columnsOf(rule: CheckRule): readonly string[] {
  if ('columns' in rule) return rule.columns ?? [];
  return 'column' in rule ? [rule.column] : [];
}

/** Checks that say of each row whether it keeps the rule: only their rows can be set aside. */
export const rowChecks: readonly CheckKind[] = [
  'not_null',
  'unique',
  'accepted_values',
  'range',
  'regex',
  'foreign_key',
];

/** The dataset that holds the rows which were set aside. */
export function quarantineOf(dataset: string): string {
  return `${dataset}__quarantine`;
}

/** The column in which a row that was set aside has the names of the checks that it broke. */
export const reasonColumn = 'quarantine_reason';

/** The result of one check of one attempt. */
export interface CheckResult {
  /** Null for a check in code that is about no single one. */
  readonly dataset: string | null;
  readonly check: string;
  readonly kind: CheckKind | 'code';
  readonly on_violation: OnViolation;
  readonly passed: boolean;
  /** The finding as text: a count of rows, a sum, an age. Null where nothing could be measured, such as the newest of no rows. */
  readonly measured: string | null;
  /** The rule in words. */
  readonly allowed: string;
  /** Of a rule that demands values: columns which have them in every row if it passed. */
  readonly columns?: string[];
}

export type AnomalyCheck = Extract<DataCheck, { kind: 'anomaly' }>;

/** The part of a result that is measured. */
export type Verdict = Pick<CheckResult, 'passed' | 'measured' | 'allowed'>;
