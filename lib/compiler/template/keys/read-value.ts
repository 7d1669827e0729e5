import { didYouMean } from '../../../diagnostics/did-you-mean.ts';
import { describe, quote, type Scalar, type Tree } from '../tree/tree.ts';
import type { ReadValue } from './key-table.ts';

/** Text; numbers and flags are taken as they are written, so that `version: 1.10` stays "1.10". */
export const text: ReadValue = (value, reading, key) => {
  if (value.kind === 'scalar' && value.value !== null) return { ...value, value: value.text };
  reading.say('BAD_TYPE', value.range, `"${key}" is text, but this is ${describe(value)}`);
  return null;
};

/** Text of a form, at most so long. */
export function name(what: string, form: RegExp, longest: number, allowed: string): ReadValue {
  return (value, reading, key) => {
    const read = text(value, reading, key) as Scalar | null;
    if (read === null) return null;
    if (form.test(read.text) && read.text.length <= longest) return read;
    const why =
      read.text.length > longest
        ? `has ${read.text.length} characters; at most ${longest} are allowed`
        : `is not ${allowed}`;
    const proposal = read.text
      .replace(/[^A-Za-z0-9_-]+/g, '_')
      .replace(/^[^A-Za-z]+|_+$/g, '')
      .slice(0, longest);
    const hint = form.test(proposal) && proposal !== read.text ? `; "${proposal}" would do` : '';
    reading.say('BAD_NAME', value.range, `the name ${quote(read.text)} of ${what} ${why}${hint}`);
    return null;
  };
}

/** `true` or `false`. */
export const flag: ReadValue = (value, reading, key) => {
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value;
  const hint =
    value.kind === 'scalar' && /^(yes|on|y)$/i.test(value.text)
      ? '; write true'
      : value.kind === 'scalar' && /^(no|off|n)$/i.test(value.text)
        ? '; write false'
        : '';
  reading.say('BAD_TYPE', value.range, `"${key}" is true or false, but this is ${describe(value)}${hint}`);
  return null;
};

/** A whole number between two bounds, both allowed. */
export function wholeNumber(least: number, most: number, why = ''): ReadValue {
  return (value, reading, key) => {
    if (value.kind !== 'scalar' || typeof value.value !== 'number') {
      const hint = value.kind === 'scalar' && /^-?\d+$/.test(value.text) ? '; leave the quotation marks out' : '';
      reading.say('BAD_TYPE', value.range, `"${key}" is a whole number, but this is ${describe(value)}${hint}`);
      return null;
    }
    if (Number.isInteger(value.value) && value.value >= least && value.value <= most) return value;
    const message = `"${key}" is ${value.text}; it has to be a whole number from ${least} to ${most}${why}`;
    reading.say('BAD_VALUE', value.range, message);
    return null;
  };
}

/** One of a few words. */
export function oneOf(words: readonly string[]): ReadValue {
  return (value, reading, key) => {
    if (value.kind === 'scalar' && typeof value.value === 'string' && words.includes(value.value)) return value;
    const what = value.kind === 'scalar' ? quote(value.text) : describe(value);
    const hint = value.kind === 'scalar' ? didYouMean(value.text, words) : '';
    reading.say('BAD_VALUE', value.range, `"${key}" is ${what}; it has to be one of ${words.join(', ')}${hint}`);
    return null;
  };
}

/** Any mapping; its content is the author's. */
export const freeMapping: ReadValue = (value, reading, key) => {
  if (value.kind === 'map') return value;
  reading.say('BAD_TYPE', value.range, `"${key}" is a mapping, but this is ${describe(value)}`);
  return null;
};

/** Names of steps: a list, or one name alone. */
export const stepNames: ReadValue = (value, reading, key) => {
  const items = value.kind === 'list' ? value.items : [value];
  const names: Tree[] = [];
  for (const item of items) {
    if (item.kind === 'scalar' && item.value !== null) names.push({ ...item, value: item.text });
    else reading.say('BAD_TYPE', item.range, `"${key}" is a list of step names, but this is ${describe(item)}`);
  }
  return { kind: 'list', items: names, range: value.range };
};
