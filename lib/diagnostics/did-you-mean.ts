import { distance } from 'fastest-levenshtein';

/**
 * Returns the known name that a name most likely means, or null if none is near. Knows plurals (`retries`), names cut short (`env`, `memory`), names with words
 * added (`retry_policy`) and mistyped letters.
 */
export function nearestName(name: string, known: Iterable<string>): string | null {
  if (name.length > 200) return null;
  const names = [...known];
  const typed = fold(name);
  const longer = typed.length < 3 ? [] : names.filter((other) => fold(other).startsWith(typed));
  const shorter = names.filter((other) => other.length > 2 && typed.startsWith(`${fold(other)}_`));
  return onlyOne(longer) ?? mistyped(name, names) ?? onlyOne(shorter);
}

/** A name in lower case, with its words in the singular: `retries` means `retry`, and `max-attempt` means `max_attempts`. */
function fold(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('-', '_')
    .replace(/(?<=[^_]{2})ies(?=_|$)/g, 'y')
    .replace(/(?<=[^_]{2})(?<!s)s(?=_|$)/g, '');
}

/** The shortest of the names if all others begin with it. */
function onlyOne(names: readonly string[]): string | null {
  const [shortest = null] = [...names].sort((a, b) => a.length - b.length);
  return shortest !== null && names.every((other) => fold(other).startsWith(fold(shortest))) ? shortest : null;
}

function mistyped(name: string, names: readonly string[]): string | null {
  const typed = fold(name);
  let nearest: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const other of names) {
    const errors = distance(typed, fold(other));
    // Two swapped letters count as two. With more than a third wrong, the hint would propose unrelated words.
    const allowed = name.length < 4 ? 1 : Math.max(2, Math.floor(Math.max(name.length, other.length) / 3));
    // Of names that are equally near, the one that is nearest as written.
    const score = errors + distance(name, other) / 1_000;
    if (errors <= allowed && score < least) [nearest, least] = [other, score];
  }
  return nearest;
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
