import type { RunSizes } from '../../contract/records/history.ts';
import { endRows, freshnessRow, type MetricRow, onTimeRow, sizeRows } from '../metric-table.ts';
import type { PipelineFigures } from '../pipeline-figures.ts';
import { stateSeries } from './state-series.ts';

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** The content type of the text. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The figures of pipelines in Prometheus's text format, version 0.0.4. `now` (milliseconds since 1970) gives the age of the data. The number of series is bounded: at most 22 for
 * a pipeline and 5 for each of its steps.
 */
export function exposition(pipelines: readonly PipelineFigures[], now: number): string {
  const all = [...counters(pipelines), ...lastRuns(pipelines), ...lastSteps(pipelines), ...states(pipelines, now)];
  return all
    .filter(({ samples }) => samples.length > 0)
    .map(familyText)
    .join('');
}

function counters(pipelines: readonly PipelineFigures[]): Family[] {
  const counted = pipelines.flatMap(({ pipeline, totals }) => (totals ? [{ pipeline, totals }] : []));
  const ends = Object.entries(endRows).flatMap(([status, { prometheus }]) =>
    counted.map(({ pipeline, totals }) => ({
      labels: { pipeline, ...prometheus.labels },
      value: totals.ends[status as keyof typeof endRows],
    })),
  );
  const runs: Family = {
    name: endRows.SUCCEEDED.prometheus.total,
    type: 'counter',
    help: 'Executions by their end.',
    samples: ends,
  };
  const sizes = eachSize((field, row) =>
    family(
      row.prometheus.total,
      'counter',
      `${row.means} The sum over all runs.`,
      counted.map(({ pipeline, totals }) => ({ labels: { pipeline }, value: totals.sizes[field] })),
    ),
  );
  return [runs, ...sizes];
}

function lastRuns(pipelines: readonly PipelineFigures[]): Family[] {
  return eachSize((field, row) =>
    family(
      row.prometheus.last,
      'gauge',
      `${row.means} Of the latest run.`,
      pipelines.flatMap(({ pipeline, totals }) =>
        totals ? [{ labels: { pipeline }, value: totals.last[field] }] : [],
      ),
    ),
  );
}

function lastSteps(pipelines: readonly PipelineFigures[]): Family[] {
  return eachSize((field, row) => {
    if (field === 'wait_seconds') return [];
    const samples = pipelines.flatMap(({ pipeline, steps }) =>
      [...steps].map(([step, figures]) => ({ labels: { pipeline, step }, value: figures[field] })),
    );
    return family(row.prometheus.step, 'gauge', `${row.means} Of the step's latest success.`, samples);
  });
}

function states(pipelines: readonly PipelineFigures[], now: number): Family[] {
  const ages = pipelines.flatMap(({ pipeline, totals }) =>
    totals?.succeeded_at
      ? [{ labels: { pipeline }, value: Math.max(0, now - Date.parse(totals.succeeded_at)) / 1000 }]
      : [],
  );
  const { prometheus, means } = freshnessRow;
  const rest = Object.values(stateSeries).map(({ name, means: help, value }): Family => {
    const samples = pipelines.flatMap((figures) => {
      const found = value(figures);
      return found === null ? [] : [{ labels: { pipeline: figures.pipeline }, value: found }];
    });
    return { name, type: 'gauge', help, samples };
  });
  const shares = pipelines.flatMap(({ pipeline, onTime }) =>
    onTime ? [{ labels: { pipeline }, value: onTime.met / onTime.of }] : [],
  );
  return [
    ...family(prometheus.last, 'gauge', means, ages),
    ...family(onTimeRow.prometheus.last, 'gauge', onTimeRow.means, shares),
    ...rest,
  ];
}

function eachSize(make: (field: keyof RunSizes, row: MetricRow) => readonly Family[]): Family[] {
  return Object.entries(sizeRows).flatMap(([field, row]) => make(field as keyof RunSizes, row));
}

function family(name: string | null, type: Family['type'], help: string, samples: readonly Sample[]): Family[] {
  return name === null ? [] : [{ name, type, help, samples }];
}

function familyText({ name, type, help, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapedValue(text)}"`);
    return `${name}{${pairs.join(',')}} ${value}\n`;
  });
  return `# HELP ${name} ${escapedHelp(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** A label value may be any text of whole characters. */
const escapedValue = (text: string): string =>
  text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const escapedHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
