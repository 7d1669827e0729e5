import { closest, distance } from 'fastest-levenshtein';

/** The known name that a mistyped one most likely stands for, or null when none is near. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  const names = [...known];
  if (names.length === 0 || name.length > 200) return null;
  const folded = name.toLowerCase().replaceAll('-', '_');
  const best = closest(
    folded,
    names.map((n) => n.toLowerCase().replaceAll('-', '_')),
  );
  const index = names.findIndex((n) => n.toLowerCase().replaceAll('-', '_') === best);
  // Two letters swapped count as two. More than a third wrong would propose words that have nothing to do with it.
  const allowed = name.length < 4 ? 1 : Math.max(2, Math.floor(Math.max(name.length, best.length) / 3));
  return distance(folded, best) <= allowed ? (names[index] ?? null) : null;
}

/** `; did you mean "x"?`, or nothing when no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === null ? '' : `; did you mean "${nearest}"?`;
}

/** `didYouMean` for the first mistakes alone: in a text with thousands of them, comparing each name with all others would take minutes and help no one. */
export function firstHints(most: number): typeof didYouMean {
  let given = 0;
  return (name, known) => {
    given += 1;
    return given > most ? '' : didYouMean(name, known);
  };
}
