import type { JsonObject } from '../../../contract/json.ts';
import { didYouMean } from '../../../diagnostics/did-you-mean.ts';
import { describe, type Mapping, quote, type Tree, toJsonObject } from '../tree/tree.ts';
import { type Reader, type Shape, takes } from './key-table.ts';

/** Text; numbers and flags are taken as they are written, so that `version: 1.10` stays "1.10". */
export const text: Reader<string> = takes({ type: ['string', 'number', 'boolean'] }, (value, reading, key) => {
  if (value.kind === 'scalar' && value.value !== null) return value.text;
  reading.say('BAD_TYPE', value.range, `"${key}" is text, but this is ${describe(value)}`);
  return null;
});

/** Text of a form, at most so long. */
export function name(what: string, form: RegExp, longest: number, allowed: string): Reader<string> {
  const accepts = { type: ['string', 'number', 'boolean'], pattern: form.source, maxLength: longest };
  return takes(accepts, (value, reading, key) => {
    const read = text(value, reading, key);
    if (read === null || (form.test(read) && read.length <= longest)) return read;
    const why =
      read.length > longest ? `has ${read.length} characters; at most ${longest} are allowed` : `is not ${allowed}`;
    const proposal = read
      .replace(/[^A-Za-z0-9_-]+/g, '_')
      .replace(/^[^A-Za-z]+|_+$/g, '')
      .slice(0, longest);
    const hint = form.test(proposal) && proposal !== read ? `; "${proposal}" would do` : '';
    reading.say('BAD_NAME', value.range, `the name ${quote(read)} of ${what} ${why}${hint}`);
    return null;
  });
}

/** `true` or `false`. */
export const flag: Reader<boolean> = takes({ type: 'boolean' }, (value, reading, key) => {
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
  const written = value.kind === 'scalar' ? value.text : '';
  const meant = /^(yes|on|y)$/i.test(written) ? '; write true' : /^(no|off|n)$/i.test(written) ? '; write false' : '';
  reading.say('BAD_TYPE', value.range, `"${key}" is true or false, but this is ${describe(value)}${meant}`);
  return null;
});

/** A whole number between two bounds, both allowed. */
export function wholeNumber(least: number, most: number, why = ''): Reader<number> {
  return takes({ type: 'integer', minimum: least, maximum: most }, (value, reading, key) => {
    if (value.kind !== 'scalar' || typeof value.value !== 'number') {
      const hint = value.kind === 'scalar' && /^-?\d+$/.test(value.text) ? '; leave the quotation marks out' : '';
      reading.say('BAD_TYPE', value.range, `"${key}" is a whole number, but this is ${describe(value)}${hint}`);
      return null;
    }
    if (Number.isInteger(value.value) && value.value >= least && value.value <= most) return value.value;
    const message = `"${key}" is ${value.text}; it has to be a whole number from ${least} to ${most}${why}`;
    reading.say('BAD_VALUE', value.range, message);
    return null;
  });
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): Reader<T> {
  return takes({ enum: [...words] }, (value, reading, key) => {
    const found = value.kind === 'scalar' ? words.find((word) => word === value.value) : undefined;
    if (found !== undefined) return found;
    const what = value.kind === 'scalar' ? quote(value.text) : describe(value);
    const hint = value.kind === 'scalar' ? didYouMean(value.text, words) : '';
    reading.say('BAD_VALUE', value.range, `"${key}" is ${what}; it has to be one of ${words.join(', ')}${hint}`);
    return null;
  });
}

/** A mapping with any keys. */
export const mapping: Reader<Mapping> = takes({ type: 'object' }, (value, reading, key) => {
  if (value.kind === 'map') return value;
  reading.say('BAD_TYPE', value.range, `"${key}" is a mapping, but this is ${describe(value)}`);
  return null;
});

/** Any mapping as JSON; its content is the author's. */
export const freeMapping: Reader<JsonObject> = takes({ type: 'object' }, (value, reading, key) => {
  const map = mapping(value, reading, key);
  return map && toJsonObject(map);
});

/** Names of steps: a list, or one name alone. */
export const stepNames: Shape = takes(
  { type: ['string', 'number', 'boolean', 'array'], items: { type: ['string', 'number', 'boolean'] } },
  (value, reading, key) => {
    const items = (value.kind === 'list' ? value.items : [value]).flatMap((item): Tree[] => {
      if (item.kind === 'scalar' && item.value !== null) return [item];
      reading.say('BAD_TYPE', item.range, `"${key}" is a list of step names, but this is ${describe(item)}`);
      return [];
    });
    return { kind: 'list', items, range: value.range };
  },
);

/** The texts of a list that a shape made. */
export const texts: Reader<string[]> = (value) =>
  value.kind === 'list' ? value.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])) : null;
