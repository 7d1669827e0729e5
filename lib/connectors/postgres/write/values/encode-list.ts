import { Misfit } from '../../../../data/encode/misfit.ts';
import { type ArrayText, readArrayLiteral } from '../../array-literal.ts';
import type { Encoder } from './encoder.ts';

/** Unusual bounds stand before the elements: `[0:1]={1,2}`. */
const boundsAndElements = /^(?<bounds>(?:\[[+-]?\d+:[+-]?\d+\])+=)?(?<elements>\{.*\})$/s;

/**
 * Arrays: lists, lists of equally long lists, or PostgreSQL's own text of one. Each element must fit the type. The text equals the one that PostgreSQL writes,
 * so that the two can be compared.
 */
export function listEncoder(element: Encoder, { delimiter, isJson }: ElementForm): Encoder {
  const listText = (list: readonly unknown[], isNested: (item: unknown) => boolean): string => {
    if (list.length === 0) return '{}';
    if (list.some(isNested)) checkShape(list);
    const text = (items: readonly unknown[], path: string): string =>
      `{${Array.from(items, (item, index) => {
        const here = `${path}[${index}]`;
        if (item === null || item === undefined) return 'NULL';
        return isNested(item)
          ? text(item as readonly unknown[], here)
          : quoted(
              within(here, () => element.encode(item)),
              delimiter,
            );
      }).join(delimiter)}}`;
    return text(list, '');
  };
  return {
    encode: (value) => {
      // A list inside a list of JSON is JSON.
      if (Array.isArray(value)) return listText(value, (item) => !isJson && Array.isArray(item));
      if (typeof value !== 'string') throw new Misfit('it is not a list', value);
      const { bounds = '', elements } = boundsAndElements.exec(value)?.groups ?? {};
      if (elements === undefined) throw new Misfit('it is no array as PostgreSQL writes one, such as {1,2}', value);
      return bounds + listText(parsed(elements, delimiter), Array.isArray);
    },
    ...(element.differs && { differs: (x: string, t: string) => `pg_catalog.format('%s', ${x}) <> ${t}` }),
  };
}

/** The text format of an array's elements. */
interface ElementForm {
  readonly delimiter: string;
  readonly isJson: boolean;
}

const parsed = (text: string, delimiter: string): ArrayText => {
  try {
    return readArrayLiteral(text, delimiter) ?? [];
  } catch (error) {
    throw new Misfit((error as Error).message, text);
  }
};

const within = (path: string, work: () => string): string => {
  try {
    return work();
  } catch (error) {
    throw error instanceof Misfit ? error.within(path) : error;
  }
};

/** PostgreSQL has no arrays of lists that are empty, null or of different lengths. */
const checkShape = (list: readonly unknown[]): void => {
  const shape = shapeOf(list);
  const check = (items: readonly unknown[], depth: number): void => {
    const isLast = depth === shape.length - 1;
    const fits = items.length === shape[depth] && items.every((item) => Array.isArray(item) !== isLast);
    if (!fits || items.length === 0)
      throw new Misfit(
        'an array has lists of one length and depth in every dimension, none of them empty or null',
        list,
      );
    if (!isLast) for (const item of items) check(item as readonly unknown[], depth + 1);
  };
  check(list, 0);
};

const shapeOf = (list: readonly unknown[]): number[] => [
  list.length,
  ...(Array.isArray(list[0]) ? shapeOf(list[0]) : []),
];

/** Quoted where PostgreSQL quotes. */
const quoted = (text: string, delimiter: string): string =>
  text === '' || /^null$/i.test(text) || /["\\{} \t\n\r\v\f]/.test(text) || text.includes(delimiter)
    ? `"${text.replaceAll(/["\\]/g, '\\$&')}"`
    : text;
