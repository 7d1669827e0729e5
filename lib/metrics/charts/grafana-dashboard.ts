import { type MetricRow, namespace } from '../metric-table.ts';
import { type ChartRow, chartRows } from './chart-table.ts';

/** Grafana's grid is 24 wide. */
const width = 8;
const height = 8;

/** Shares are ratios in Prometheus and percentages in CloudWatch. */
const units = {
  prometheus: { Count: 'short', Seconds: 's', Bytes: 'bytes', Percent: 'percentunit' },
  cloudwatch: { Count: 'short', Seconds: 's', Bytes: 'bytes', Percent: 'percent' },
} as const;

/** Two data sources; a team that has one of them leaves the other's row closed. */
const sources = {
  prometheus: { title: 'Runs, from Prometheus', collapsed: false },
  cloudwatch: { title: 'Runs, from CloudWatch', collapsed: true },
} as const;
type Source = keyof typeof sources;

/** A dashboard of Grafana for all pipelines: each chart of the table twice, from Prometheus and from CloudWatch. Import it as a file; it asks for the two data sources. */
export function grafanaDashboard() {
  return {
    uid: 'daybreak-pipelines',
    title: 'Daybreak pipelines',
    tags: ['daybreak'],
    timezone: 'utc',
    editable: true,
    schemaVersion: 39,
    time: { from: 'now-14d', to: 'now' },
    refresh: '5m',
    annotations: { list: [] },
    templating: {
      list: [
        { type: 'datasource' as const, name: 'prometheus', label: 'Prometheus', query: 'prometheus' },
        { type: 'datasource' as const, name: 'cloudwatch', label: 'CloudWatch', query: 'cloudwatch' },
        {
          type: 'query' as const,
          name: 'pipeline',
          label: 'Pipeline',
          datasource: sourceOf('prometheus'),
          query: 'label_values(daybreak_runs_total, pipeline)',
          refresh: 2 as const,
          multi: true,
          includeAll: true,
          allValue: '.*',
        },
      ],
    },
    panels: rowsOf(),
  };
}

/** The row of Prometheus is open, so its panels follow it; those of a closed row are inside it. */
function rowsOf() {
  const open = panelsOf('prometheus', 1);
  const below = 1 + Math.ceil(open.length / 3) * height;
  return [row('prometheus', 0, []), ...open, row('cloudwatch', below, panelsOf('cloudwatch', below + 1))];
}

function row(source: Source, y: number, panels: ReturnType<typeof panelsOf>) {
  const { title, collapsed } = sources[source];
  const id = Object.keys(sources).indexOf(source) + 1;
  return { type: 'row' as const, id, title, collapsed, gridPos: { h: 1, w: 24, x: 0, y }, panels };
}

function panelsOf(source: Source, from: number) {
  return chartRows.map((chart, index) => {
    const [first] = chart.rows;
    return {
      type: 'timeseries' as const,
      id: (Object.keys(sources).indexOf(source) + 1) * 100 + index,
      title: chart.title,
      description: chart.rows.map(({ means }) => means).join(' '),
      datasource: sourceOf(source),
      gridPos: { h: height, w: width, x: (index % 3) * width, y: from + Math.floor(index / 3) * height },
      fieldConfig: {
        defaults: {
          unit: units[source][first?.unit ?? 'Count'],
          min: 0,
          custom: {
            drawStyle: chart.stacked ? ('bars' as const) : ('line' as const),
            showPoints: 'auto' as const,
            spanNulls: true,
            fillOpacity: chart.stacked ? 80 : 0,
            stacking: { mode: chart.stacked ? ('normal' as const) : ('none' as const), group: 'A' },
          },
        },
        overrides: [],
      },
      options: {
        legend: { showLegend: true, displayMode: 'list' as const, placement: 'bottom' as const, calcs: [] },
        tooltip: { mode: 'multi' as const, sort: 'desc' as const },
      },
      targets: chart.rows.map((metric, place) =>
        targetOf(source, { metric, chart, refId: String.fromCharCode(65 + place) }),
      ),
    };
  });
}

interface Shown {
  readonly metric: MetricRow;
  readonly chart: ChartRow;
  readonly refId: string;
}

function targetOf(source: Source, { metric, chart, refId }: Shown) {
  const ofMany = chart.rows.length > 1 ? `${metric.name} ` : '';
  if (source === 'prometheus') {
    return {
      refId,
      datasource: sourceOf(source),
      expr: expressionOf(metric),
      legendFormat: `${ofMany}{{pipeline}}`,
      range: true,
    };
  }
  return {
    refId,
    datasource: sourceOf(source),
    queryMode: 'Metrics' as const,
    metricQueryType: 0 as const,
    metricEditorMode: 0 as const,
    id: '',
    region: 'default',
    namespace,
    metricName: metric.name,
    dimensions: { Pipeline: '*', Store: '*' },
    matchExact: true,
    statistic: metric.statistic,
    period: metric.by === 'each end of a run' ? '86400' : '3600',
    expression: '',
    label: `${ofMany}\${PROP('Dim.Pipeline')}`,
  };
}

/** The latest run's figure; of counters alone, the increase of a day. */
function expressionOf({ prometheus: { total, last, labels } }: MetricRow): string {
  const wanted = ['pipeline=~"$pipeline"', ...Object.entries(labels).map(([label, value]) => `${label}="${value}"`)];
  return last === null
    ? `sum by (pipeline) (increase(${total}{${wanted.join(',')}}[1d]))`
    : `${last}{${wanted.join(',')}}`;
}

const sourceOf = (source: Source) => ({ type: source, uid: `\${${source}}` });
