import { Misfit } from '../../../../data/encode/misfit.ts';
import { pgYear } from '../../pg-year.ts';
import type { ServerType } from '../../server-type.ts';
import type { Encoder } from './encoder.ts';

const day = String.raw`(?:[+-]\d{6}|\d{4,7})-\d\d-\d\d`;
const clock = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.(?<fraction>\d+))?)?`;
const zone = String.raw`(?:Z|[+-]\d\d(?::?\d\d(?::\d\d)?)?)`;

/**
 * The form of each type's values, with an example. PostgreSQL itself drops the time of a moment that becomes a day, and the zone of one that becomes a
 * timestamp.
 */
const forms: Readonly<Record<string, { readonly pattern: RegExp; readonly example: string; readonly endless?: true }>> =
  {
    date: { pattern: new RegExp(`^${day}(?: BC)?$`), example: 'a day such as "2026-01-31"', endless: true },
    time: { pattern: new RegExp(`^(?:${clock}|24:00:00)$`), example: 'a time such as "23:59:59.123456"' },
    timetz: {
      pattern: new RegExp(`^(?:${clock}|24:00:00)${zone}$`),
      example: 'a time with its zone, such as "23:59:59.123456+01"',
    },
    timestamp: {
      pattern: new RegExp(`^${day}[T ]${clock}(?:Z|\\+00(?::?00)?)?(?: BC)?$`),
      example: 'a moment in UTC, or without a zone, such as "2026-01-31T12:00:00.123456"',
      endless: true,
    },
    timestamptz: {
      pattern: new RegExp(`^${day}[T ]${clock}${zone}(?: BC)?$`),
      example: 'a moment with its zone, such as "2026-01-31T12:00:00.123456Z"',
      endless: true,
    },
  };

/** Digits of microseconds. */
const mostDigits = 6;

/** Days, times and moments, with no more digits behind the second than the column has. */
export function momentEncoder({ name, modifier }: ServerType): Encoder {
  const form = forms[name];
  if (form === undefined) throw new Error(`no form of ${name}`);
  const digits = modifier < 0 ? mostDigits : modifier;
  return {
    encode: (value) => {
      const text = name.startsWith('timestamp') && value instanceof Date ? isoText(value) : value;
      if (form.endless && (text === 'infinity' || text === '-infinity')) return text;
      const match = typeof text === 'string' ? form.pattern.exec(text) : null;
      if (match === null) throw new Misfit(`it is not ${form.example}`, value);
      checkFraction(match.groups?.fraction ?? '', digits, value);
      return pgYear(text as string);
    },
  };
}

const isoText = (date: Date): string => {
  if (Number.isNaN(date.getTime())) throw new Misfit('it is no moment', date);
  return date.toISOString();
};

const checkFraction = (fraction: string, digits: number, value: unknown): void => {
  if (/[1-9]/.test(fraction.slice(digits)))
    throw new Misfit(
      digits === 0 ? 'the column holds whole seconds' : `the column holds ${digits} digits behind the second`,
      value,
    );
};

/** PostgreSQL spreads the fraction of any unit but seconds over smaller units, and rounds it. */
const fractionOfSeconds = /^[^.]*\d\.(?<fraction>\d+)(?:S|\s?s(?:ec(?:ond)?s?)?)?(?:\s+ago)?$/;

/** Intervals. The server checks if fields or digits are lost that the column does not have. */
export function intervalEncoder({ modifier }: ServerType): Encoder {
  return {
    encode: (value) => {
      if (typeof value !== 'string')
        throw new Misfit('it is not an interval such as "P1DT2H" or "1 day 02:00:00"', value);
      if (!value.includes('.')) return value;
      const { fraction } = fractionOfSeconds.exec(value)?.groups ?? {};
      if (fraction === undefined) throw new Misfit('it has a fraction of something else than seconds', value);
      checkFraction(fraction, mostDigits, value);
      return value;
    },
    ...(modifier >= 0 && {
      differs: (x: string, t: string) =>
        `pg_catalog.format('%s', ${x}) <> pg_catalog.format('%s', ${t}::pg_catalog."interval")`,
    }),
  };
}
