import { describe, expect, test } from 'vitest';
import { checkPartition } from '../../../lib/compiler/checks/check-partition.ts';
import { planPipeline } from '../../../lib/compiler/plan/plan-pipeline.ts';
import { emitMachine } from '../../../lib/compiler/states/emit-machine.ts';
import type { Diagnostic } from '../../../lib/diagnostics/diagnostic.ts';
import { machineFacts } from '../../../lib/operate/resume/definition-facts.ts';
import { graphOf } from '../../support/graphs.ts';
import { parse, parseGood } from './parse.ts';

const schema =
  'input_schema: { type: object, properties: { day: { type: string, format: date }, n: { type: integer } } }\n';
const pipeline = (partition: string, more = '') =>
  `name: p\n${more}partition: ${partition}\nsteps: [{ name: s000, handler: a }]\n`;
const planOf = (text: string) => planPipeline(parseGood(text), graphOf([[]]));

describe('partition', () => {
  test.each([
    ['{ by: fortnight }', ['BAD_VALUE'], 'one of hour, day, week, month'],
    ['{ key: day }', ['MISSING_KEY'], '"by"'],
    ['day', ['BAD_TYPE'], 'mapping'],
    ['{ by: day, zone: UTC }', ['UNKNOWN_KEY'], 'timezone'],
    ['{ by: day, key: date.start }', ['BAD_VALUE'], 'it has to be an input field, like day'],
    ['{ by: day, key: daybreak }', ['BAD_VALUE'], '"daybreak" is not part of the input'],
    ['{ by: day, timezone: CET }', ['UNKNOWN_TIMEZONE'], 'CET'],
  ])('%s is %j', (text, codes, message) => {
    const { found } = parse(pipeline(text));
    expect(found.map(({ code }) => code)).toEqual(codes);
    expect(found[0]?.message).toContain(message);
  });

  test.each([
    ['{ by: day }', '', '"input_schema" has no field "partition"'],
    ['{ by: day, key: dayy }', '', 'did you mean "day"?'],
    ['{ by: day, key: day }', 'overlap: allow\n', 'runs of one partition take turns'],
    ['{ by: day, key: day }', 'overlap: { key: n }\n', 'so "key" has to be "day"'],
  ])('%s with %j is refused: %s', (text, more, message) => {
    const { found } = parse(pipeline(text, schema + more));
    expect(found.map((one) => one.message)).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    ['{ by: day, key: day, start: 2026-11 }', schema, '"start" is "2026-11", which is no day; write it like'],
    ['{ by: week, start: 2025-W53 }', '', '"start" is "2025-W53", which is no week: 2025 has the weeks W01 to W52'],
    ['{ by: month, key: day }', schema, 'refuses the names of partitions in the field "day"'],
    ['{ by: day, key: n }', schema, 'refuses the names of partitions in the field "n"'],
  ])('%s is refused by check', (text, more, message) => {
    const found: Diagnostic[] = [];
    checkPartition(parseGood(pipeline(text, more)), (one) => found.push(one));
    expect(found.map((one) => one.message)).toEqual([expect.stringContaining(message)]);
  });

  test('its zone is its own, else that of the schedule, else UTC; runs take turns by it', () => {
    const nightly = 'schedule: { cron: "0 1 * * *", timezone: Asia/Tokyo }\n';
    const zone = (text: string) => planOf(text).partition?.timezone;
    expect(zone(pipeline('{ by: day }'))).toBe('UTC');
    expect(zone(pipeline('{ by: day }', nightly))).toBe('Asia/Tokyo');
    expect(zone(pipeline('{ by: day, timezone: Europe/Paris }', nightly))).toBe('Europe/Paris');
    expect(planOf(pipeline('{ by: day, key: day }', 'overlap: queue\n')).overlap).toEqual({
      policy: 'queue',
      key: 'day',
    });
  });

  test('its kind and its zone are part of what every step is made of; its first partition is not', () => {
    const made = (text: string) => {
      const machine = emitMachine(planOf(text), () => 'c0de');
      return machineFacts(machine).steps.map(({ definition }) => definition);
    };
    const [day, start, week, zone, none] = [
      made(pipeline('{ by: day }')),
      made(pipeline('{ by: day, start: 2026-01-01 }')),
      made(pipeline('{ by: week }')),
      made(pipeline('{ by: day, timezone: Asia/Tokyo }')),
      made('name: p\nsteps: [{ name: s000, handler: a }]\n'),
    ];
    expect(start).toEqual(day);
    expect(new Set([day, week, zone, none].map(String)).size).toBe(4);
  });
});
