export interface ColumnDifference {
  readonly column: string;
  /** Null if the column is not declared. */
  readonly declared: string | null;
  /** Null if the column does not exist. */
  readonly made: string | null;
}

type Types = Readonly<Record<string, string>>;

/**
 * Compares a dataset's columns with the declared ones by name, declared ones first. Types must be in their one spelling; the order of the columns does not
 * count.
 */
export function columnDifferences(declared: Types, made: Types): ColumnDifference[] {
  const names = new Set([...Object.keys(declared), ...Object.keys(made)]);
  const typeOf = (types: Types, name: string): string | null =>
    Object.hasOwn(types, name) ? (types[name] ?? null) : null;
  return [...names]
    .map((column) => ({ column, declared: typeOf(declared, column), made: typeOf(made, column) }))
    .filter((difference) => difference.declared !== difference.made);
}
