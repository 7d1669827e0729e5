/** The keys of `checks`: one key per kind, whose value is a mapping of further keys. */
import { anomalyMeasures, type CheckKind, type CheckRule } from '../../../../contract/records/data-check.ts';
import type { Reading } from '../../tree/reading.ts';
import type { Mapping } from '../../tree/tree.ts';
import { type KeyTable, key, type Reader, take, takes } from '../key-table.ts';
import { wholeSeconds } from '../read-duration.ts';
import { readMapping, requireKeys } from '../read-mapping.ts';
import { oneOf, text, wholeNumber } from '../read-value.ts';
import { anomalyRuns, anomalyThreshold, named, someMeasures } from './read-anomaly.ts';
import { columnName, columnNames } from './read-columns.ts';
import { bound, literals, percentage, tolerance } from './read-literal.ts';
import { columnOrNumber, datasetPlace } from './read-place.ts';

/** Reads the rule of one kind; null when a value is wrong, which has been reported. */
type RuleReader = Reader<CheckRule>;

/** A kind whose value is a mapping of keys. */
function ruleOf(
  table: KeyTable,
  make: (
    take: <T>(key: { readonly name: string; readonly read: Reader<T> }) => T | null,
    at: Mapping,
  ) => CheckRule | null,
  lacks: (map: Mapping) => string | null = () => null,
): RuleReader {
  return takes(
    (of) => of(table),
    (value, reading) => {
      requireKeys(value, table, reading);
      const map = readMapping(value, table, reading);
      if (map === null) return null;
      const lacking = lacks(map);
      if (lacking !== null) reading.say('MISSING_KEY', map.range, lacking);
      return make((one) => take(map, one as never, reading), map);
    },
  );
}

const column = key('column', 'the column', columnName, { required: true });
const columns = key('columns', 'one column or a list', columnNames, { required: true });
const least = wholeNumber(0, Number.MAX_SAFE_INTEGER);
const min = key('min', 'the least number of rows', least);
const max = key('max', 'the largest number of rows', least);
const from = key('min', 'the least value', bound);
const to = key('max', 'the largest value', bound);
const values = key('values', 'the values that the column may have', literals, { required: true });
const pattern = key(
  'pattern',
  'a regular expression (RE2) that is found in each value; `^` and `$` hold the whole',
  text,
  {
    required: true,
  },
);
const dataset = key('dataset', 'the other dataset: `step.dataset`', datasetPlace, { required: true });
const there = key('to', 'the columns there, if they have other names', columnNames);
const share = key('max', 'the largest share of nulls, such as `5%`', percentage, { required: true });
const age = key(
  'max_age',
  'the longest time from the newest value to the scheduled time of the run',
  wholeSeconds('s', 'the age'),
  {
    required: true,
  },
);
const equals = key('equals', 'a number, or another column: `step.dataset.column`', columnOrNumber, { required: true });
const allowed = key('tolerance', 'the largest difference that is allowed; 0 by default', tolerance);

const watched = key('columns', 'the columns that are compared; all by default', columnNames);
const measured = key('measures', `what is compared: ${named(anomalyMeasures)}; all by default`, someMeasures);
const compared = key('runs', 'the latest earlier runs that it compares with, from 7 to 90; 60 by default', anomalyRuns);
const threshold = key(
  'threshold',
  'standard deviations that are allowed, from 3 to 20; 5 by default',
  anomalyThreshold,
);

/** Two months are eight of each weekday. Five deviations: of 400 generated clean series of 60 days 4 had an alarm (docs/checks.md). */
const defaultAnomaly = { runs: 60, threshold: '5' } as const;

const needsOne = (map: Mapping): string | null =>
  map.entries.has('min') || map.entries.has('max') ? null : 'give "min" or "max", or both';

/** By kind: what the check demands, and its reader. */
export const ruleReaders: Readonly<Record<CheckKind, { readonly means: string; readonly read: RuleReader }>> = {
  row_count: {
    means: '`min` and `max` of the number of rows',
    read: ruleOf(
      { of: 'the check row_count', keys: [min, max] },
      (of) => ({ kind: 'row_count', min: of(min), max: of(max) }),
      needsOne,
    ),
  },
  not_null: {
    means: 'columns without nulls',
    read: names((columns) => ({ kind: 'not_null', columns })),
  },
  unique: {
    means:
      'no two rows have the same values in these columns together; rows with a null among them do not count, as in SQL',
    read: names((columns) => ({ kind: 'unique', columns })),
  },
  accepted_values: {
    means: '`column` has only these `values`; nulls do not count',
    read: ruleOf({ of: 'the check accepted_values', keys: [column, values] }, (of) =>
      whole({ kind: 'accepted_values', column: of(column), values: of(values) }),
    ),
  },
  range: {
    means: '`column` lies between `min` and `max`, both allowed; nulls do not count, NaN is outside',
    read: ruleOf(
      { of: 'the check range', keys: [column, from, to] },
      (of) => {
        const name = of(column);
        return name === null ? null : { kind: 'range', column: name, min: of(from), max: of(to) };
      },
      needsOne,
    ),
  },
  regex: {
    means: '`column` matches `pattern`; nulls do not count',
    read: ruleOf({ of: 'the check regex', keys: [column, pattern] }, (of) =>
      whole({ kind: 'regex', column: of(column), pattern: of(pattern) }),
    ),
  },
  foreign_key: {
    means:
      'the values of `columns` stand in `dataset` too, in the columns `to`; rows with a null among them do not count',
    read: ruleOf({ of: 'the check foreign_key', keys: [columns, dataset, there] }, (of) => {
      const [own, other] = [of(columns), of(dataset)];
      return own && other && { kind: 'foreign_key', columns: own, ...other, to: of(there) ?? own };
    }),
  },
  null_percentage: {
    means: 'at most `max` of the rows have a null in `column`',
    read: ruleOf({ of: 'the check null_percentage', keys: [column, share] }, (of) =>
      whole({ kind: 'null_percentage', column: of(column), max: of(share) }),
    ),
  },
  freshness: {
    means: 'the newest value of `column` is at most `max_age` older than the scheduled time of the run, or its start',
    read: ruleOf({ of: 'the check freshness', keys: [column, age] }, (of) => {
      const [name, ms] = [of(column), of(age)];
      return name === null || ms === null ? null : { kind: 'freshness', column: name, max_age_seconds: ms / 1000 };
    }),
  },
  sum_equals: {
    means: 'the sum of `column` equals a number, or the sum of another column, within `tolerance`',
    read: ruleOf({ of: 'the check sum_equals', keys: [column, equals, allowed] }, (of) =>
      whole({ kind: 'sum_equals', column: of(column), equals: of(equals), tolerance: of(allowed) ?? '0' }),
    ),
  },
  anomaly: {
    means: 'the figures of its profile lie where those of earlier runs let one expect them; silent before seven runs',
    read: ruleOf({ of: 'the check anomaly', keys: [watched, measured, compared, threshold] }, (of) => ({
      kind: 'anomaly',
      columns: of(watched),
      measures: of(measured),
      runs: of(compared) ?? defaultAnomaly.runs,
      threshold: of(threshold) ?? defaultAnomaly.threshold,
    })),
  },
  sql: {
    means:
      'a query that returns the rows which break the rule; it reads `this`, the rows of the dataset, and upstream datasets',
    read: takes({ type: 'string', minLength: 1 }, (value, reading, name) => {
      const query = text(value, reading, name);
      return query === null ? null : { kind: 'sql', query };
    }),
  },
};

function names(make: (columns: readonly string[]) => CheckRule): RuleReader {
  return takes(columnNames.accepts ?? {}, (value: Parameters<RuleReader>[0], reading: Reading, name: string) => {
    const found = columnNames(value, reading, name);
    return found && make(found);
  });
}

/** A rule all of whose values could be read. */
function whole<R extends CheckRule>(rule: { readonly [K in keyof R]: R[K] | null }): CheckRule | null {
  return Object.values(rule).includes(null) ? null : (rule as unknown as CheckRule);
}

export const onViolation = key(
  'on_violation',
  '`block` (default): the step fails, and its data is not visible; `warn`: the finding is kept and told; `quarantine`: the rows that break the rule go to `<dataset>__quarantine`',
  oneOf(['block', 'warn', 'quarantine']),
);

export const checkName = key('name', 'its name in findings; by default the kind with its columns', text);
