import { stringify } from 'yaml';
import type { JsonObject } from '../../../contract/json.ts';
import { grafanaDashboard } from '../../../metrics/charts/grafana-dashboard.ts';
import type { PipelineFigures } from '../../../metrics/pipeline-figures.ts';
import { exposition } from '../../../metrics/prometheus/exposition.ts';
import { prometheusRules } from '../../../metrics/prometheus/rules.ts';
import { readFigures } from '../../../operate/metrics/read-figures.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { watchedPipelines } from '../../metrics/watched-pipelines.ts';
import { bytes, count, duration, moment } from '../../render/format.ts';
import { statusStyle } from '../../render/outcome-style.ts';
import { renderTable } from '../../render/render-table.ts';
import { openPlace } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { forPrograms } from './for-programs.ts';
import { serve } from './serve.ts';

const forms = ['prometheus', 'serve', 'rules', 'grafana'] as const;

/** Shows the figures of runs: for people, for Prometheus, or through an endpoint; or the rules and the dashboard that Prometheus and Grafana should have. */
export async function metrics(invocation: Invocation, context: Context): Promise<Answer> {
  const form = chosenForm(invocation);
  if (form === 'rules') return forPrograms(prometheusRules(), (file) => stringify(file, { lineWidth: 0 }), context);
  if (form === 'grafana')
    return forPrograms(grafanaDashboard(), (file) => `${JSON.stringify(file, null, 2)}\n`, context);
  const place = await openPlace(invocation, context);
  const pipelines = await watchedPipelines(place, invocation.args[0] ?? null, context);
  const read = () => readFigures(place.store, pipelines, Date.now());
  if (form === 'serve') return serve(read, invocation, context);
  const figures = await read();
  const json = { store: place.store.url, pipelines: figures.map(figuresJson) };
  if (form === 'prometheus') return forPrograms(json, () => exposition(figures, Date.now()), context);
  return { exitCode: 0, json, text: describe(figures, context) };
}

function chosenForm({ flag, option }: Invocation): (typeof forms)[number] | null {
  const chosen = forms.filter((form) => flag(form));
  if (chosen.length > 1) throw new UsageError(`--${chosen.join(' and --')} exclude each other: each is another answer`);
  for (const name of ['port', 'host', 'every']) {
    if (option(name) !== null && chosen[0] !== 'serve') throw new UsageError(`--${name} is for --serve`);
  }
  return chosen[0] ?? null;
}

function figuresJson({ pipeline, totals, steps, expectedWithin, onTime }: PipelineFigures): JsonObject {
  const { counted: _, forgotten_until: __, ...shown } = totals ?? { counted: null, forgotten_until: null };
  return {
    pipeline,
    totals: totals && (shown as unknown as JsonObject),
    steps: Object.fromEntries([...steps].map(([step, figures]) => [step, { ...figures }])),
    success_expected_within_seconds: expectedWithin,
    deadlines_met: onTime && { met: onTime.met, of: onTime.of },
  };
}

function describe(figures: readonly PipelineFigures[], context: Context): string {
  const columns = [
    { title: 'pipeline' },
    { title: 'runs', align: 'right' },
    { title: 'failed', align: 'right' },
    { title: 'last run' },
    { title: 'ended (UTC)', drop: 2 },
    { title: 'duration', align: 'right', drop: 3 },
    { title: 'rows', align: 'right', drop: 4 },
    { title: 'bytes', align: 'right', drop: 6 },
    { title: 'retries', align: 'right', drop: 5 },
    { title: 'data is old', align: 'right', drop: 1 },
  ] as const;
  const rows = figures.map(({ pipeline, totals }) => {
    if (totals === null) return [pipeline, '0', '-', 'none', '-', '-', '-', '-', '-', '-'];
    const { ends, last, succeeded_at } = totals;
    const all = Object.values(ends).reduce((sum, number) => sum + number, 0);
    const bad = ends.FAILED + ends.TIMED_OUT;
    return [
      pipeline,
      count(all),
      bad === 0 ? '-' : { text: count(bad), style: 'red' as const },
      { text: last.status, style: statusStyle(last.status) },
      moment(last.ended_at),
      duration(last.seconds * 1000),
      count(last.rows),
      bytes(last.bytes),
      last.retries === 0 ? '-' : count(last.retries),
      succeeded_at === null ? '-' : duration(Math.max(0, Date.now() - Date.parse(succeeded_at))),
    ];
  });
  return rows.length > 0
    ? renderTable(columns, rows, context.table)
    : `There are no templates in ${context.root}/pipelines`;
}
