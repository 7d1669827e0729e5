import type { NeedsTemplate } from '../../template.ts';
import { describe, quote } from '../../tree/tree.ts';
import { type Key, type KeyTable, type Reader, take, takes } from '../key-table.ts';
import { readMapping, requireKeys } from '../read-mapping.ts';
import { oneOf } from '../read-value.ts';

const nameForm = /^([^\s.]+)\.([^\s.]+)$/;

const datasetOfStep: Reader<readonly [step: string, dataset: string]> = takes(
  { type: 'string', pattern: nameForm.source },
  (value, reading, key) => {
    const [, step, dataset] = (value.kind === 'scalar' && nameForm.exec(value.text)) || [];
    if (step !== undefined && dataset !== undefined) return [step, dataset];
    const what = value.kind === 'scalar' ? quote(value.text) : describe(value);
    reading.say('BAD_VALUE', value.range, `"${key}" is ${what}; write step.dataset, like join.revenue`);
    return null;
  },
);

const fromForm = /^-([1-9]\d{0,2})(h|d|w|mo)$/;

const kinds = { h: 'hour', d: 'day', w: 'week', mo: 'month' } as const;

const back: Reader<Pick<NeedsTemplate, 'back' | 'unit'>> = takes(
  { type: 'string', pattern: fromForm.source },
  (value, reading, key) => {
    const [, count, unit] = (value.kind === 'scalar' && fromForm.exec(value.text)) || [];
    if (count !== undefined && unit !== undefined)
      return { back: Number(count), unit: kinds[unit as keyof typeof kinds] };
    const what = value.kind === 'scalar' ? quote(value.text) : describe(value);
    const advice = 'write how far back: -6d for six days, -24h, -4w or -12mo';
    reading.say('BAD_VALUE', value.range, `"${key}" is ${what}; ${advice}`);
    return null;
  },
);

const dataset = {
  name: 'dataset',
  means: 'a published dataset of this pipeline, as `step.dataset`',
  required: true,
  read: datasetOfStep,
} satisfies Key;

const from = {
  name: 'from',
  means: 'the first partition that is read, counted back from that of the run: `-6d`, `-24h`, `-4w`, `-12mo`',
  required: true,
  read: back,
} satisfies Key;

const missing = {
  name: 'missing',
  means: '`error` (default): the step fails if one of them is not published; `skip`: it reads those that are',
  read: oneOf(['error', 'skip']),
} satisfies Key;

/** Keys of `needs`. */
export const needsKeys: KeyTable = { of: '"needs"', keys: [dataset, from, missing] };

/** The earlier partitions that a step reads. */
export const needs: Reader<NeedsTemplate> = takes(
  (of) => of(needsKeys),
  (value, reading) => {
    const map = readMapping(value, needsKeys, reading);
    if (map === null) return null;
    requireKeys(value, needsKeys, reading);
    const [name, window] = [take(map, dataset, reading), take(map, from, reading)];
    const onMissing = take(map, missing, reading);
    return name && window && { step: name[0], dataset: name[1], ...window, missing: onMissing };
  },
);
