import { describe, expect, test } from 'vitest';
import { checkDeadlines } from '../../../lib/compiler/checks/check-deadlines.ts';
import { checkTightDeadlines } from '../../../lib/compiler/checks/check-tight-deadlines.ts';
import { planPipeline } from '../../../lib/compiler/plan/plan-pipeline.ts';
import { graphOf } from '../../support/graphs.ts';
import { parse, parseGood } from './parse.ts';

const nightly = 'schedule: { cron: "0 1 * * *", timezone: Europe/Berlin }\n';
const pipeline = (keys: string, schedule = nightly, step = '{ name: a, handler: a }') =>
  `name: p\n${schedule}${keys}\nsteps: [${step}]\n`;

describe('deadline', () => {
  test.each([
    ['{ ready_by: "07:00" }', { readyBy: 420, timezone: null, severity: null, atRisk: null }],
    ['{ ready_by: 7:05 }', { readyBy: 425, timezone: null, severity: null, atRisk: null }],
    [
      '{ ready_by: "23:59", timezone: Asia/Kolkata, severity: low, at_risk: page }',
      { readyBy: 1439, timezone: 'Asia/Kolkata', severity: 'low', atRisk: 'page' },
    ],
  ])('%s', (text, deadline) => {
    expect(parseGood(pipeline(`deadline: ${text}`)).deadline).toEqual(deadline);
  });

  test('has the zone of the schedule, tells the team, and is of high severity, unless it says otherwise', () => {
    const template = parseGood(pipeline('deadline: { ready_by: "07:00" }\nexpected_duration: 20m'));
    expect(planPipeline(template, graphOf([[]]))).toMatchObject({
      deadline: { ready_by: 420, timezone: 'Europe/Berlin', severity: 'high', at_risk: 'team' },
      expectedMs: 1_200_000,
      steps: [{ deadline: null, expectedMs: null }],
    });
  });

  test('of a step', () => {
    const step = '{ name: a, handler: a, deadline: { ready_by: "03:00", at_risk: none }, expected_duration: 90 }';
    expect(planPipeline(parseGood(pipeline('', nightly, step)), graphOf([[]])).steps[0]).toMatchObject({
      deadline: { ready_by: 180, timezone: 'Europe/Berlin', severity: 'high', at_risk: 'none' },
      expectedMs: 90_000,
    });
  });

  test.each([
    ['{}', 'MISSING_KEY', '"deadline" needs the key "ready_by"'],
    ['"07:00"', 'BAD_TYPE', 'mapping'],
    ['{ ready_by: 24:00 }', 'BAD_DEADLINE', '"ready_by" is "24:00"; write "00:00"'],
    ['{ ready_by: noon }', 'BAD_DEADLINE', 'write a time of day like "07:00"'],
    ['{ ready_by: "07:60" }', 'BAD_DEADLINE', '"07:60"'],
    ['{ ready_by: "7" }', 'BAD_DEADLINE', '"7"'],
    ['{ ready_by: "07:00", timezone: CET }', 'UNKNOWN_TIMEZONE', 'write Europe/Berlin'],
    ['{ ready_by: "07:00", severity: hihg }', 'BAD_VALUE', 'did you mean "high"?'],
    ['{ ready_by: "07:00", at_risk: everyone }', 'BAD_VALUE', 'one of page, team, digest, none'],
    ['{ ready_by: "07:00", by: me }', 'UNKNOWN_KEY', '"by"'],
  ])('%s is %s', (text, code, message) => {
    const { found } = parse(pipeline(`deadline: ${text}`));
    expect(found.map((one) => one.code)).toEqual([code]);
    expect(found[0]?.message).toContain(message);
  });
});

const checked = (text: string, now = '2026-01-10T12:00Z'): string[] => {
  const said: string[] = [];
  const template = parseGood(text);
  const report = ({ code, span, message }: { code: string; span: { line: number }; message: string }) =>
    said.push(`${code} ${span.line} ${message}`);
  checkDeadlines(template, report);
  const names = template.steps.map(({ name }) => name);
  const edges = template.steps.map(({ dependencies }) => dependencies.map((one) => names.indexOf(one)));
  const graph = {
    ...graphOf(edges),
    names,
    dependencies: new Map(template.steps.map((s) => [s.name, s.dependencies])),
  };
  checkTightDeadlines(planPipeline(template, graph), template, { now: Date.parse(now), report });
  return said;
};

describe('a deadline that cannot work', () => {
  test('belongs to no scheduled start', () => {
    expect(checked(pipeline('deadline: { ready_by: "07:00" }', ''))).toEqual([
      expect.stringMatching(/^BAD_DEADLINE 2 .*the pipeline has no "schedule"; add one/),
    ]);
    expect(checked(pipeline('deadline: { ready_by: "07:00" }', 'schedule: { rate: 1 hour }\n'))).toEqual([
      expect.stringMatching(/^BAD_DEADLINE 3 .*"rate\(1 hour\)" has no times of day; write the schedule as "cron"/),
    ]);
  });

  test('of a step is reported at its place', () => {
    const step = '{ name: a, handler: a,\n  deadline: { ready_by: "07:00" } }';
    expect(checked(pipeline('', '', step))).toEqual([expect.stringMatching(/^BAD_DEADLINE 4 /)]);
  });

  test('lies before the longest way of expected durations', () => {
    const steps = [
      '{ name: a, handler: a, expected_duration: 30m }',
      '{ name: b, handler: b, expected_duration: 40m, dependencies: [a] }',
      '{ name: c, handler: c, expected_duration: 1h, deadline: { ready_by: "01:50" } }',
    ].join(', ');
    expect(checked(pipeline('deadline: { ready_by: "02:05" }', nightly, steps))).toEqual([
      expect.stringMatching(
        /^DEADLINE_TOO_EARLY 3 the start at 2026-01-11 00:00 UTC has 65 min until its deadline at 2026-01-11 01:05 UTC, but the expected durations need 70 min/,
      ),
      expect.stringMatching(/^DEADLINE_TOO_EARLY 4 .* has 50 min .* need 60 min/),
    ]);
    expect(checked(pipeline('deadline: { ready_by: "02:10" }', nightly, steps))).toHaveLength(1);
  });

  test('by the expected duration of the whole, in the shortest night', () => {
    const text = pipeline('deadline: { ready_by: "07:00" }\nexpected_duration: 330m');
    expect(checked(text)).toEqual([]);
    // The clock goes from 02:00 to 03:00 on March 29th.
    expect(checked(text, '2026-03-20T12:00Z')).toEqual([
      expect.stringContaining(
        'the start at 2026-03-29 00:00 UTC has 300 min until its deadline at 2026-03-29 05:00 UTC',
      ),
    ]);
  });

  test('is one of more than twenty', () => {
    const steps = Array.from({ length: 20 }, (_, n) => `{ name: a${n}, handler: a, deadline: { ready_by: "07:00" } }`);
    expect(checked(pipeline('', nightly, steps.join(', ')))).toEqual([]);
    expect(checked(pipeline('deadline: { ready_by: "07:00" }', nightly, steps.join(', ')))).toEqual([
      expect.stringContaining('the pipeline has 21 deadlines'),
    ]);
  });
});
