import { quoteName, quoteText } from '../quote.ts';

/**
 * DuckDB computes a function for up to 2,048 rows at once, outside of its memory limit, and nothing can interrupt it. So functions that make large values from
 * small ones have a bound for each value: with it no call needs more than some hundred megabytes. `regexp_replace` has none: its options must be a constant.
 */
const mostCharacters = 65_536;
const mostItems = 16_384;
const mostReplaced = 64 * 1024 * 1024;

/** A function with its parameters, some with a type, and SQL that is true if a call makes too large a value. */
interface Bounded {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly isTooMuch: string;
  readonly bound: string;
}

/** The arguments of a call, in `isTooMuch`. */
const call = 'bounded_call';

const padded = (name: string): Bounded => ({
  name,
  parameters: ['s', 'n', 'p'],
  isTooMuch: `${call}.n > ${mostCharacters}`,
  bound: `${mostCharacters} characters`,
});

const resized = (name: string, parameters: readonly string[]): Bounded => ({
  name,
  parameters,
  isTooMuch: `${call}.n > ${mostItems}`,
  bound: `lists of ${mostItems} items`,
});

// Of an empty value the quotient is null, so it is never too much.
const repeated = (type: string, length: string): Bounded => ({
  name: 'repeat',
  parameters: [`s${type}`, 'n'],
  isTooMuch: `${call}.n > ${mostCharacters} // ${length}(${call}.s)`,
  bound: `${mostCharacters} bytes of text or items of a list`,
});

const functions: readonly Bounded[] = [
  padded('lpad'),
  padded('rpad'),
  resized('list_resize', ['l', 'n']),
  resized('list_resize', ['l', 'n', 'v']),
  resized('array_resize', ['l', 'n']),
  resized('array_resize', ['l', 'n', 'v']),
  // The first overload that takes the value counts.
  repeated(' BLOB', 'octet_length'),
  repeated(' VARCHAR', 'strlen'),
  repeated('', 'length'),
  {
    name: 'replace',
    parameters: ['s', 'p', 'r'],
    isTooMuch: `strlen(${call}.s) * strlen(${call}.r) > ${mostReplaced}`,
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

/**
 * A macro puts its arguments where its parameters stand. Each parameter stands once, in a list of one call: else an argument that is itself a call would be there
 * twice, and one nested 20 deep a million times.
 */
function overload({ name, parameters, isTooMuch, bound }: Bounded): string {
  const names = parameters.map((parameter) => parameter.split(' ')[0] ?? '');
  const struct = names.map((one) => `'${one}': ${one}`).join(', ');
  const passed = names.map((one) => `${call}.${one}`).join(', ');
  const message = quoteText(
    `${name} makes at most ${bound} here: a larger value would fill the memory of the function`,
  );
  const checked = `CASE WHEN ${isTooMuch} THEN error(${message}) ELSE system.main.${name}(${passed}) END`;
  return `(${parameters.join(', ')}) AS system.main.list_transform([{${struct}}], lambda ${call}: ${checked})[1]`;
}
