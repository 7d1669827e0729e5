import { describe, expect, test } from 'vitest';
import { checkPublish } from '../../../lib/compiler/checks/check-publish.ts';
import { parseTemplate } from '../../../lib/compiler/template/parse-template.ts';
import type { Diagnostic } from '../../../lib/diagnostics/diagnostic.ts';

const known: Readonly<Record<string, readonly string[]>> = {
  extract: ['orders'],
  clean: ['orders'],
  report: ['revenue'],
};

/** The messages about a template with these published datasets. */
function messages(publish: string, more = '', steps = ''): string[] {
  const text = `name: sales
${more}
steps:
  - { name: extract, handler: extract }
  - { name: clean, handler: clean, dependencies: [extract], optional: true }
  - { name: report, handler: report, dependencies: [clean] }
  - { name: summary, handler: summary, dependencies: [clean], trigger_rule: all_done }
${steps}
publish: ${publish}
`;
  const found: Diagnostic[] = [];
  const template = parseTemplate({ file: 'sales.yaml', text }, {}, (one) => found.push(one));
  if (template)
    checkPublish(
      template,
      (step) => known[step] ?? null,
      (one) => found.push(one),
    );
  return found.map(({ code, message, span }) => `${span.line} ${code} ${message}`);
}

describe('published datasets', () => {
  test('may be any that a run which succeeds always has', () => {
    expect(messages('{ datasets: [extract.orders, summary.anything], keep: 3, breaking: true }')).toEqual([]);
  });

  test.each([
    ['{ datasets: [extrct.orders] }', 'UNKNOWN_STEP there is no step "extrct"; did you mean "extract"?'],
    [
      '{ datasets: [extract.order] }',
      'UNKNOWN_DATASET step "extract" makes no dataset "order"; did you mean "orders"?',
    ],
    ['{ datasets: [extract.orders, extract.orders] }', 'BAD_PUBLISH "extract.orders" is listed twice; leave one out'],
    [
      '{ datasets: [clean.orders] }',
      'BAD_PUBLISH a run can succeed without "clean.orders": step "clean" is optional; leave "optional" out, or do not publish its dataset',
    ],
    [
      '{ datasets: [report.revenue] }',
      'BAD_PUBLISH a run can succeed without "report.revenue": step "clean" is optional, and "report" does not run when it fails; leave "optional" out, or do not publish the dataset',
    ],
    ['{ datasets: [] }', 'BAD_TYPE "datasets" is a list of datasets, like [join.revenue], but this is empty'],
    ['{ datasets: [orders] }', 'BAD_VALUE a published dataset is "orders"; write step.dataset, like join.revenue'],
    ['{ datasets: [a.b.c] }', 'BAD_VALUE a published dataset is "a.b.c"; write step.dataset, like join.revenue'],
    ['{ datasets: [__proto__.orders] }', 'UNKNOWN_STEP there is no step "__proto__"'],
    [
      '{ keep: 2 }',
      'MISSING_KEY "publish" needs the key "datasets": their names, as `step.dataset`; all of them become visible together',
    ],
    ['{ datasets: [extract.orders], keep: -1 }', 'BAD_VALUE "keep" is -1'],
    ['{ datasets: [extract.orders], breaking: maybe }', 'BAD_TYPE "breaking" is'],
  ])('%s is an error', (publish, expected) => {
    const found = messages(publish);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^\\d+ ${expected.replace(/[.*+?^$(){}|[\]\\]/g, '\\$&')}`));
  });

  test.each([
    ['overlap: allow', 'BAD_PUBLISH runs of a pipeline that publishes have to take turns'],
    ['overlap: { policy: skip, key: region }', 'BAD_PUBLISH runs with different "region" do not take turns'],
  ])('need runs that take turns: not %s', (overlap, expected) => {
    const found = messages('{ datasets: [extract.orders] }', overlap);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });
});
