import { closest, distance } from 'fastest-levenshtein';

/** Returns the known name that a mistyped name most likely means, or null if none is near. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  const names = [...known];
  if (names.length === 0 || name.length > 200) return null;
  const folded = name.toLowerCase().replaceAll('-', '_');
  const best = closest(
    folded,
    names.map((n) => n.toLowerCase().replaceAll('-', '_')),
  );
  const index = names.findIndex((n) => n.toLowerCase().replaceAll('-', '_') === best);
  // Two swapped letters count as two. With more than a third wrong, the hint would propose unrelated words.
  const allowed = name.length < 4 ? 1 : Math.max(2, Math.floor(Math.max(name.length, best.length) / 3));
  return distance(folded, best) <= allowed ? (names[index] ?? null) : null;
}

/** Returns `; did you mean "x"?`, or an empty text if no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === null ? '' : `; did you mean "${nearest}"?`;
}

/**
 * Returns `didYouMean` limited to the first mistakes. In a text with thousands of them, comparing each name with all others would take minutes and help no one.
 */
export function firstHints(most: number): typeof didYouMean {
  let given = 0;
  return (name, known) => {
    given += 1;
    return given > most ? '' : didYouMean(name, known);
  };
}
