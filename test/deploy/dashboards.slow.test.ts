import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PipelineSettings } from '../../lib/config/pipeline-settings.ts';
import type { StoreSettings } from '../../lib/config/store-settings.ts';
import { Pipeline } from '../../lib/deploy/pipeline.ts';
import { PipelineStore } from '../../lib/deploy/store/pipeline-store.ts';
import { chartRows } from '../../lib/metrics/charts/chart-table.ts';
import { metricRows } from '../../lib/metrics/metric-table.ts';
import { stepTemplate } from '../support/templates.ts';
import { newApp, pipelineOf } from './fixture.ts';
import { resources } from './read-template.ts';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title: string; readonly metrics?: readonly (string | Record<string, string>)[][] };
}

const sales = pipelineOf([stepTemplate('extract', []), stepTemplate('report', ['extract'])], { name: 'sales' });

/** A stack with a store and a pipeline in it. */
function stackWith(pipeline: PipelineSettings, store: StoreSettings = {}): Template {
  const stack = new Stack(newApp(), 'data');
  new Pipeline(stack, 'Sales', { template: sales, store: new PipelineStore(stack, 'Lake', store), ...pipeline });
  return Template.fromStack(stack);
}

/** The dashboards of a stack by name. A body is JSON around references to resources. */
function dashboardsOf(stack: Template): ReadonlyMap<string, readonly Widget[]> {
  return new Map(
    resources(stack, 'AWS::CloudWatch::Dashboard').map(([, { Properties }]) => {
      const { 'Fn::Join': join } = Properties.DashboardBody as { 'Fn::Join': [string, unknown[]] };
      const text = join[1].map((part) => (typeof part === 'string' ? part : 'reference')).join('');
      return [String(Properties.DashboardName), JSON.parse(text).widgets];
    }),
  );
}

const searches = (widgets: readonly Widget[]): string[] =>
  widgets.flatMap(({ properties: { metrics = [] } }) =>
    metrics.flatMap((metric) =>
      metric.flatMap((part) => (typeof part === 'object' && part.expression ? [part.expression] : [])),
    ),
  );

describe('dashboards in CloudWatch', () => {
  let stack: Template;
  let dashboards: ReadonlyMap<string, readonly Widget[]>;
  beforeAll(() => {
    stack = stackWith({ dashboard: true, metrics: 'steps' });
    dashboards = dashboardsOf(stack);
  });

  test('without a setting there is one, of the store: each further one may cost $3 a month', () => {
    expect([...dashboardsOf(stackWith({})).keys()]).toEqual(['data-Lake-overview']);
    expect(dashboardsOf(stackWith({}, { dashboard: false })).size).toBe(0);
    expect([...dashboards.keys()].sort()).toEqual(['data-Lake-overview', 'data-sales']);
  });

  test('the one of a pipeline has every metric, with the names that its functions report', () => {
    const [own] = [dashboards.get('data-sales') ?? []];
    const shown = own.flatMap(({ properties: { metrics = [] } }) => metrics).filter(([first]) => first === 'Daybreak');
    expect(shown.map(([, name]) => name).sort()).toEqual(metricRows.map(({ name }) => name).sort());
    for (const metric of shown) expect(metric.slice(2, 6)).toEqual(['Pipeline', 'sales', 'Store', 'data-Lake']);
    const reporting = resources(stack, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) => {
      const { Variables = {} } = (Properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
      return Variables.DAYBREAK_METRICS === undefined ? [] : [[id.replace(/Function[0-9A-F]{8}$/, ''), Variables]];
    });
    expect(reporting.map(([id]) => id).sort()).toEqual(['SalesFunctionsFinalize', 'SalesFunctionsReconcile']);
    for (const [, variables] of reporting)
      expect(variables).toMatchObject({ DAYBREAK_METRICS: 'steps', DAYBREAK_METRICS_STORE: 'data-Lake' });
  });

  test('the overview finds every metric of every pipeline of its store, also of those that come later', () => {
    expect(searches(dashboards.get('data-Lake-overview') ?? [])).toEqual(
      metricRows.map(
        ({ name, statistic, by }) =>
          `SEARCH('{Daybreak,Pipeline,Store} Store="data-Lake" MetricName="${name}"', '${statistic}', ${by === 'each end of a run' ? 86_400 : 3_600})`,
      ),
    );
  });

  test('with metrics of steps there is a chart for each, with a line per step', () => {
    const own = searches(dashboards.get('data-sales') ?? []);
    expect(own).toHaveLength(metricRows.filter(({ ofSteps }) => ofSteps).length);
    expect(own[0]).toBe(
      `SEARCH('{Daybreak,Pipeline,Step,Store} Store="data-Lake" Pipeline="sales" MetricName="Duration"', 'Maximum', 86400)`,
    );
  });

  test('widgets lie inside the grid of 24 columns and on no other', () => {
    for (const widgets of dashboards.values()) {
      const taken = new Set<string>();
      for (const { x, y, width, height } of widgets) {
        expect(x + width).toBeLessThanOrEqual(24);
        for (let column = x; column < x + width; column += 1)
          for (let row = y; row < y + height; row += 1) {
            expect(taken.has(`${column}/${row}`)).toBe(false);
            taken.add(`${column}/${row}`);
          }
      }
    }
  });

  test('a dashboard of a pipeline without metrics is an error: all its charts would be empty', () => {
    expect(() => stackWith({ dashboard: true, metrics: 'none' })).toThrow(
      '"dashboard" shows metrics, and "metrics" is "none"; set it to "pipeline" or "steps", or remove "dashboard"',
    );
  });
});

test('each metric stands in one chart', () => {
  const shown = chartRows.flatMap(({ rows }) => rows.map(({ name }) => name));
  expect(shown.sort()).toEqual(metricRows.map(({ name }) => name).sort());
});
