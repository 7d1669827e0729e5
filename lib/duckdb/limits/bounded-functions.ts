import { quoteName, quoteText } from '../quote.ts';

/**
 * DuckDB computes a function for up to 2,048 rows at once, outside of its memory limit, and nothing can interrupt it. So functions that make large values from
 * small ones have a bound for each value: with it no call needs more than some hundred megabytes. `regexp_replace` has none: its options must be a constant.
 */
const mostCharacters = 65_536;
const mostItems = 16_384;
const mostReplaced = 64 * 1024 * 1024;

/** A function with its parameters, and SQL that is true if a call makes too large a value. */
interface Bounded {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly isTooMuch: string;
  readonly bound: string;
}

const padded = (name: string): Bounded => ({
  name,
  parameters: ['s', 'n', 'p'],
  isTooMuch: `n > ${mostCharacters}`,
  bound: `${mostCharacters} characters`,
});

const resized = (name: string, parameters: readonly string[]): Bounded => ({
  name,
  parameters,
  isTooMuch: `n > ${mostItems}`,
  bound: `lists of ${mostItems} items`,
});

const functions: readonly Bounded[] = [
  padded('lpad'),
  padded('rpad'),
  resized('list_resize', ['l', 'n']),
  resized('list_resize', ['l', 'n', 'v']),
  resized('array_resize', ['l', 'n']),
  resized('array_resize', ['l', 'n', 'v']),
  {
    name: 'replace',
    parameters: ['s', 'p', 'r'],
    isTooMuch: `strlen(s) * strlen(r) > ${mostReplaced}`,
    bound: `a text and a replacement whose lengths give ${mostReplaced} when multiplied`,
  },
];

/** Returns the statements that put the bounded functions into a session's database, where queries find them before DuckDB's own. */
export function boundedFunctions(database: string): string {
  const names = [...new Set(functions.map(({ name }) => name))];
  return names
    .map((name) => {
      const overloads = functions.filter((one) => one.name === name).map(overload);
      return `CREATE MACRO ${quoteName(database)}.main.${name} ${overloads.join(', ')}`;
    })
    .join('; ');
}

function overload({ name, parameters, isTooMuch, bound }: Bounded): string {
  const list = parameters.join(', ');
  const message = quoteText(
    `${name} makes at most ${bound} here: a larger value would fill the memory of the function`,
  );
  return `(${list}) AS CASE WHEN ${isTooMuch} THEN error(${message}) ELSE system.main.${name}(${list}) END`;
}
