import type { Column } from '../data/column-type.ts';
import { renderColumnType } from '../data/column-type.ts';
import { quoteName } from '../duckdb/quote.ts';
import { didYouMean } from '../source/did-you-mean.ts';
import type { KnownColumns } from './known-datasets.ts';

export interface ColumnDifference {
  /** The declared column; null for one that is not declared. */
  readonly declared: string | null;
  readonly message: string;
}

/** How a query's columns differ from those that are declared, one sentence each. Their order does not count. */
export const compareColumns = (made: readonly Column[], declared: KnownColumns): ColumnDifference[] => {
  const types = new Map(made.map(({ name, type }) => [name, renderColumnType(type)]));
  const extra = [...types.keys()].filter((name) => !Object.hasOwn(declared, name));
  return [
    ...Object.entries(declared).flatMap(([name, type]) => {
      const found = types.get(name);
      if (found === type) return [];
      const message =
        found === undefined
          ? `the column "${name}" (${type}) is declared, but the query does not make it${didYouMean(name, extra)}`
          : `the column "${name}" is declared as ${type}, but the query makes ${found}; write CAST(... AS ${type}) AS ${quoteName(name)} there, or declare ${found}`;
      return [{ declared: name, message }];
    }),
    ...extra.map((name) => ({
      declared: null,
      message: `the query makes the column "${name}" (${types.get(name)}), which is not declared; leave it out, or declare it`,
    })),
  ];
};
