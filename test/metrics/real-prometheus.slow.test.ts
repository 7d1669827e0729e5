import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { serveMetrics } from '../../lib/cli/metrics/serve-metrics.ts';
import { grafanaDashboard } from '../../lib/metrics/charts/grafana-dashboard.ts';
import { exposition } from '../../lib/metrics/prometheus/exposition.ts';
import { prometheusRules } from '../../lib/metrics/prometheus/rules.ts';
import { madeFigures, madeTotals } from './made-figures.ts';

const program = (name: string): string | null =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path)) ?? null;
const promtool = program('promtool');
const prometheus = program('prometheus');

const folder = mkdtempSync(join(tmpdir(), 'daybreak-prometheus-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const rulesFile = file('rules.yaml', stringify(prometheusRules(), { lineWidth: 0 }));

/** Names that a store may have, although no template could. */
const hostile = ['sales', '__proto__', 'a"b\\c\nd', '"} 1\nfaked 2', 'größe\u2028ü'];
const text = () =>
  exposition(
    hostile.map((name) => madeFigures(name, [name])),
    Date.now(),
  );

describe.skipIf(promtool === null)('promtool (skipped where it is not installed: apt-get install prometheus)', () => {
  const run = (args: readonly string[], input?: string): string =>
    execFileSync(promtool ?? '', args, { encoding: 'utf8', stdio: 'pipe', ...(input !== undefined && { input }) });

  test('takes the figures, and finds nothing to say about their names', () => {
    expect(run(['check', 'metrics'], text())).toBe('');
  });

  test('takes the rules', () => {
    expect(run(['check', 'rules', '--lint=all', '--lint-fatal', rulesFile])).toMatch(/SUCCESS: \d+ rules found/);
  });

  test('a failed run, data that is too old and missing figures raise one alert each; nothing else does', () => {
    const labels = (
      alertname: string,
      pipeline: string | null,
      severity: string,
      summary: string,
      description: string,
    ) => ({
      exp_labels: { severity, ...(pipeline !== null && { pipeline }) },
      exp_annotations: { summary, description },
      alertname,
    });
    const found = (name: string, pipeline: string | null, age?: string) => {
      const rule = prometheusRules()
        .groups.flatMap((group) => group.rules)
        .find((one) => 'alert' in one && one.alert === name);
      if (!rule || !('alert' in rule)) throw new Error(`no rule ${name}`);
      const filled = (template: string) =>
        template
          .replaceAll('{{ $labels.pipeline }}', pipeline ?? '')
          .replaceAll('{{ $value | humanizeDuration }}', age ?? '');
      return labels(
        name,
        pipeline,
        rule.labels.severity,
        filled(rule.annotations.summary),
        filled(rule.annotations.description),
      );
    };
    // Twelve hours of minutes. A success is expected within two hours. Prometheus's tests begin at 0 in Unix time.
    const series = (name: string, pipeline: string, values: string) => ({
      series: `${name}{pipeline="${pipeline}"}`,
      values,
    });
    const pipelines = ['good', 'failed', 'silent', 'stopped'];
    const input_series = [
      ...pipelines.map((name) => series('daybreak_success_expected_within_seconds', name, '7200x720')),
      ...pipelines.map((name) => series('daybreak_last_run_timestamp_seconds', name, '0x720')),
      // A run of "good" succeeds every minute; the others succeeded once, at the beginning.
      series('daybreak_last_success_timestamp_seconds', 'good', '0+60x720'),
      series('daybreak_last_success_timestamp_seconds', 'failed', '0x720'),
      series('daybreak_last_success_timestamp_seconds', 'silent', '0x720'),
      series('daybreak_last_success_timestamp_seconds', 'stopped', '0x720'),
      series('daybreak_last_run_failed', 'good', '0x720'),
      series('daybreak_last_run_failed', 'failed', '0x60 1x600 0x60'),
      series('daybreak_last_run_failed', 'silent', '0x720'),
      series('daybreak_last_run_failed', 'stopped', '0x30'),
      { series: 'daybreak_runs_total{pipeline="good",end="succeeded"}', values: '0x1 1x720' },
    ];
    const at = (eval_time: string, ...expected: ReturnType<typeof found>[]) =>
      ['DaybreakRunFailed', 'DaybreakDataTooOld', 'DaybreakFiguresMissing'].map((alertname) => ({
        eval_time,
        alertname,
        exp_alerts: expected.filter((one) => one.alertname === alertname).map(({ alertname: _, ...alert }) => alert),
      }));
    const tests = {
      rule_files: [rulesFile],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series,
          alert_rule_test: [
            ...at('50m'),
            // The failed run has one alert, and its old data none beside it.
            ...at(
              '3h',
              found('DaybreakRunFailed', 'failed'),
              ...['silent', 'stopped'].map((name) => found('DaybreakDataTooOld', name, '3h 0m 0s')),
            ),
          ],
        },
        {
          interval: '1m',
          input_series: [series('daybreak_last_run_timestamp_seconds', 'good', '0x30')],
          alert_rule_test: [...at('30m'), ...at('3h', found('DaybreakFiguresMissing', null))],
        },
      ],
    };
    expect(run(['test', 'rules', file('tests.yaml', stringify(tests))])).toContain('SUCCESS');
  });
});

test.skipIf(prometheus === null)(
  'a real Prometheus scrapes the endpoint, names included, and loads the rules (skipped where it is not installed)',
  async () => {
    const { url, server } = await serveMetrics({
      port: 0,
      host: '127.0.0.1',
      everyMs: 1_000,
      now: () => performance.now(),
      read: async () => text(),
      onFailure: () => undefined,
    });
    const target = new URL(url).host;
    const config = file(
      'prometheus.yaml',
      stringify({
        global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
        rule_files: [rulesFile],
        scrape_configs: [{ job_name: 'daybreak', static_configs: [{ targets: [target] }] }],
      }),
    );
    const listen = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      prometheus ?? '',
      [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${listen}`],
      { stdio: 'ignore' },
    );
    try {
      const ask = async (path: string) => {
        const answer = await fetch(`http://${listen}/api/v1/${path}`).catch(() => null);
        return answer?.ok ? ((await answer.json()) as { data: never }).data : null;
      };
      const rows = await waitFor(async () => {
        const data = (await ask('query?query=daybreak_last_step_rows')) as {
          result: { metric: Record<string, string>; value: [number, string] }[];
        } | null;
        return data && data.result.length > 0 ? data.result : null;
      });
      expect(rows.map(({ metric, value }) => [metric.pipeline, metric.step, value[1]]).sort()).toEqual(
        hostile.map((name) => [name, name, '9']).sort(),
      );
      // The queries of the dashboard are ones that Prometheus takes, and those of gauges find every pipeline. A dot matches no line break; no template can have one in its name.
      const queries = grafanaDashboard().panels.flatMap((panel) => ('targets' in panel ? panel.targets : []));
      for (const query of queries) {
        if (!('expr' in query)) continue;
        const expr = query.expr.replace('$pipeline', '.*');
        const data = (await ask(`query?query=${encodeURIComponent(expr)}`)) as { result: unknown[] } | null;
        if (expr.includes('increase')) expect(data, expr).not.toBe(null);
        else expect(data?.result.length, expr).toBe(hostile.filter((name) => !name.includes('\n')).length);
      }
      const alerts = await waitFor(async () => {
        const data = (await ask('alerts')) as { alerts: { labels: Record<string, string>; state: string }[] } | null;
        return data && data.alerts.length >= hostile.length ? data.alerts : null;
      });
      expect(alerts.map(({ labels }) => [labels.alertname, labels.pipeline]).sort()).toEqual(
        hostile.map((name) => ['DaybreakRunFailed', name]).sort(),
      );
      expect(madeTotals.last.status).toBe('FAILED');
      const targets = (await ask('targets')) as unknown as { activeTargets: { health: string; lastError: string }[] };
      expect(targets.activeTargets).toMatchObject([{ health: 'up', lastError: '' }]);
    } finally {
      child.kill();
      await new Promise((resolve) => child.once('exit', resolve));
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);

async function waitFor<T>(look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await sleep(250);
  }
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
