import type * as cloudwatch from '@grafana/grafana-foundation-sdk/cloudwatch';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { expect, test } from 'vitest';
import { grafanaDashboard } from '../../lib/metrics/charts/grafana-dashboard.ts';
import { metricRows } from '../../lib/metrics/metric-table.ts';
import { exposedNames } from '../../lib/metrics/prometheus/rules.ts';

/** A type of Grafana's model as JSON has it: the values of an enumeration in its place, and no methods. */
type Json<T> = T extends string
  ? `${T}`
  : T extends number
    ? number extends T
      ? number
      : `${T}` extends `${infer N extends number}`
        ? N
        : never
    : T extends readonly (infer Item)[]
      ? readonly Json<Item>[]
      : T extends object
        ? { readonly [K in keyof T as K extends `_${string}` ? never : K]: Json<T[K]> }
        : T;

const dashboard = grafanaDashboard();
/** The compiler holds the dashboard to the types that Grafana publishes for its model (npm run types); a wrong field or value does not compile. */
const model: Omit<Json<Dashboard>, 'panels'> = dashboard;
type Chart = Omit<Json<Panel>, 'targets' | 'options' | 'fieldConfig'> & {
  readonly options: Json<timeseries.Options>;
  readonly fieldConfig: Omit<NonNullable<Json<Panel>['fieldConfig']>, 'custom'>;
  readonly targets: readonly (Json<prometheus.Dataquery> | Json<cloudwatch.MetricsQuery>)[];
};
const panels: readonly (Chart | (Omit<Json<RowPanel>, 'panels'> & { readonly panels: readonly Chart[] }))[] =
  dashboard.panels;

const charts = panels.flatMap((panel): Chart[] => ('panels' in panel ? [...panel.panels] : [panel]));
const targets = charts.flatMap((chart) => chart.targets);

test('every metric stands in it from both data sources, and each query reads a name that exists', () => {
  const fromCloudWatch = targets.flatMap((target) => ('metricName' in target ? [target.metricName] : []));
  expect(fromCloudWatch.sort()).toEqual(metricRows.map(({ name }) => name).sort());
  const fromPrometheus = targets.flatMap((target) => ('expr' in target ? [target.expr] : []));
  expect(fromPrometheus).toHaveLength(metricRows.length);
  for (const expr of fromPrometheus) expect(exposedNames).toContain(/daybreak_\w+/.exec(expr)?.[0]);
});

test('ids and places differ, panels lie inside the grid, and each data source is one that the dashboard asks for', () => {
  const everything = [...charts, ...panels.filter((panel) => 'panels' in panel)];
  expect(new Set(everything.map(({ id }) => id)).size).toBe(everything.length);
  expect(new Set(everything.map(({ gridPos }) => JSON.stringify(gridPos))).size).toBe(everything.length);
  for (const { gridPos } of everything) expect((gridPos?.x ?? 0) + (gridPos?.w ?? 99)).toBeLessThanOrEqual(24);
  const asked = (model.templating.list ?? []).flatMap(({ type, name }) =>
    type === 'datasource' ? [`\${${name}}`] : [],
  );
  for (const { datasource } of [...charts, ...targets]) expect(asked).toContain(datasource?.uid);
});

test('the file is plain JSON: it survives a copy', () => {
  expect(JSON.parse(JSON.stringify(dashboard))).toEqual(dashboard);
});
