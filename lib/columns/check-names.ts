/** Returns the problem with the names of sibling columns, or null. DuckDB and Parquet readers ignore case. */
export function checkNames(names: readonly string[]): string | null {
  if (names.length === 0) return 'it has no columns';
  const seen = new Set<string>();
  for (const name of names) {
    if (name === '' || name === '__proto__' || !name.isWellFormed() || name.includes('\0')) {
      return `${JSON.stringify(name)} cannot be a column's name`;
    }
    const folded = name.toLowerCase();
    if (seen.has(folded)) return `the column "${name}" occurs twice (names ignore case)`;
    seen.add(folded);
  }
  return null;
}
