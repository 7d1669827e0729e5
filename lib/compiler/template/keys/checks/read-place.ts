import type { ColumnPlace } from '../../../../contract/records/data-check.ts';
import { quote, type Tree } from '../../tree/tree.ts';
import { type Reader, takes } from '../key-table.ts';
import { exactNumber } from './read-literal.ts';

const shown = (value: Tree): string => (value.kind === 'scalar' ? quote(value.text) : `a ${value.kind}`);

/** A dataset: `step.dataset`. */
export const datasetPlace: Reader<Pick<ColumnPlace, 'step' | 'dataset'>> = takes(
  { type: 'string', pattern: '^[^.]+\\.[^.]+$' },
  (value, reading, key) => {
    const [step = '', dataset = '', ...rest] = value.kind === 'scalar' ? value.text.split('.') : [];
    if (step !== '' && dataset !== '' && rest.length === 0) return { step, dataset };
    reading.say('BAD_VALUE', value.range, `"${key}" is ${shown(value)}; it has to name a dataset: step.dataset`);
    return null;
  },
);

/** A column, as `step.dataset.column`, or a number. */
export const columnOrNumber: Reader<ColumnPlace | { number: string }> = takes(
  { anyOf: [{ type: 'string', pattern: '^[^.]+\\.[^.]+\\..+$' }, { type: 'number' }] },
  (value, reading, key) => {
    if (value.kind === 'scalar' && typeof value.value === 'number') {
      const number = exactNumber(value, reading, key);
      return number === null ? null : { number };
    }
    const [, step, dataset, column] = (value.kind === 'scalar' && /^([^.]+)\.([^.]+)\.(.+)$/s.exec(value.text)) || [];
    if (step !== undefined && dataset !== undefined && column !== undefined) return { step, dataset, column };
    const message = `"${key}" is ${shown(value)}; it has to be a number, or name a column: step.dataset.column`;
    reading.say('BAD_VALUE', value.range, message);
    return null;
  },
);
