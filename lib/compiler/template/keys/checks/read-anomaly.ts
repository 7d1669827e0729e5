import { type AnomalyMeasure, anomalyMeasures } from '../../../../contract/records/data-check.ts';
import { describe, quote, type Tree } from '../../tree/tree.ts';
import { type Reader, takes } from '../key-table.ts';
import { wholeNumber } from '../read-value.ts';
import { exactNumber } from './read-literal.ts';

/** Names in code style, for the reference. */
export function named(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** A history keeps 90 runs, and fewer than 7 say nothing. */
export const anomalyRuns = wholeNumber(7, 90);

/** Below 3 chance alone gives an alarm every other week; beyond 20 there is none. */
export const anomalyThreshold: Reader<string> = takes(
  { type: 'number', minimum: 3, maximum: 20 },
  (value, reading, key) => {
    const read = exactNumber(value, reading, key);
    if (read === null || (Number(read) >= 3 && Number(read) <= 20)) return read;
    reading.say('BAD_VALUE', value.range, `"${key}" is ${read}; it has to be from 3 to 20, and 5 is usual`);
    return null;
  },
);

/** A list of measures, or one alone. */
export const someMeasures: Reader<AnomalyMeasure[]> = takes(
  {
    anyOf: [{ enum: [...anomalyMeasures] }, { type: 'array', items: { enum: [...anomalyMeasures] }, minItems: 1 }],
  },
  (value, reading, key) => {
    const items = value.kind === 'list' ? value.items : [value];
    const read = items.map((item) => anomalyMeasures.find((one) => item.kind === 'scalar' && one === item.value));
    const wrong: Tree | undefined = items[read.indexOf(undefined)];
    if (items.length > 0 && wrong === undefined) return [...new Set(read as AnomalyMeasure[])];
    const what =
      wrong === undefined ? 'is empty' : `has ${wrong.kind === 'scalar' ? quote(wrong.text) : describe(wrong)}`;
    const message = `"${key}" ${what}; it has to be some of ${anomalyMeasures.join(', ')}`;
    reading.say('BAD_VALUE', wrong?.range ?? value.range, message);
    return null;
  },
);
