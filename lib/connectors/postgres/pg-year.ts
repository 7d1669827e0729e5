/** ISO 8601 with a year of more than four digits, as JavaScript and datasets write it: `-000043-03-15`, `+012026-01-01T00:00:00.000Z`. */
const expanded = /^(?<sign>[+-])(?<year>\d{6})(?<rest>-\d\d-\d\d(?:T.*)?)$/;

/** Converts a day or moment to PostgreSQL's text: the year before 1 is 1 BC there, and 0 in ISO 8601. Leaves other texts unchanged. */
export function pgYear(text: string): string {
  const { sign, year, rest } = expanded.exec(text)?.groups ?? {};
  if (sign === undefined) return text.startsWith('0000-') ? `0001${text.slice(4)} BC` : text;
  const number = Number(`${sign}${year}`);
  return number > 0 ? `${String(number).padStart(4, '0')}${rest}` : `${String(1 - number).padStart(4, '0')}${rest} BC`;
}
