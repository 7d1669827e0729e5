/** Changes of a dataset's columns that readers do not survive. */
import type { ColumnType } from './column-type.ts';
import { parseColumnType } from './parse-column-type.ts';

/** A dataset as its readers know it. */
export interface ReadSchema {
  /** Column name to column type in its one spelling. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns in which readers may rely on a value in every row. */
  readonly required: readonly string[];
}

export interface BreakingChange {
  readonly column: string;
  /** `narrowed`: the new type does not hold every value of the old one. `nullable`: no check forbids nulls now, and one did. */
  readonly kind: 'gone' | 'narrowed' | 'nullable';
  readonly before: string;
  /** Null if the column is gone. */
  readonly after: string | null;
}

/** The changes that break a reader of the schema before. New columns, wider types and new checks break none. Columns are matched by name. */
export function breakingChanges(before: ReadSchema, after: ReadSchema): BreakingChange[] {
  const types = new Map(Object.entries(after.columns));
  const required = new Set(after.required);
  return Object.entries(before.columns).flatMap(([column, was]): BreakingChange[] => {
    const is = types.get(column);
    if (is === undefined) return [{ column, kind: 'gone', before: was, after: null }];
    const nullable = before.required.includes(column) && !required.has(column);
    return [
      ...(holds(parseColumnType(is), parseColumnType(was))
        ? []
        : [{ column, kind: 'narrowed', before: was, after: is } as const]),
      ...(nullable ? [{ column, kind: 'nullable', before: was, after: is } as const] : []),
    ];
  });
}

/** In words: `column "total" is gone`. */
export function breakingChangeText({ column, kind, before, after }: BreakingChange): string {
  if (kind === 'gone') return `column "${column}" (${before}) is gone`;
  if (kind === 'narrowed') return `column "${column}" was ${before} and is ${after}`;
  return `column "${column}" may have nulls now, which a check forbade`;
}

/** Digits before the decimal point that a whole number may have. */
const digitsOf = { INTEGER: 10, BIGINT: 19 } as const;

/** True if every value of `narrow` is one of `wide`, and reads as the same. */
function holds(wide: ColumnType, narrow: ColumnType): boolean {
  if (wide.kind === 'LIST' && narrow.kind === 'LIST') return holds(wide.element, narrow.element);
  if (wide.kind === 'STRUCT' && narrow.kind === 'STRUCT') {
    const fields = new Map(wide.fields.map(({ name, type }) => [name, type]));
    return narrow.fields.every(({ name, type }) => {
      const found = fields.get(name);
      return found !== undefined && holds(found, type);
    });
  }
  if (wide.kind === 'DECIMAL') {
    const whole = wide.precision - wide.scale;
    if (narrow.kind === 'DECIMAL') return wide.scale >= narrow.scale && whole >= narrow.precision - narrow.scale;
    return (narrow.kind === 'INTEGER' || narrow.kind === 'BIGINT') && whole >= digitsOf[narrow.kind];
  }
  if (narrow.kind === 'INTEGER') return ['INTEGER', 'BIGINT', 'DOUBLE'].includes(wide.kind);
  return wide.kind === narrow.kind;
}
