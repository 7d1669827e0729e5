import type { JsonObject } from '../../contract/json.ts';
import { parseScenario } from '../../offline/simulate/scenario.ts';
import { simulate as play, type SimulationReport } from '../../offline/simulate/simulate.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { loadValid } from '../load.ts';
import { failureLine, failureLines } from '../render/failure-text.ts';
import { counted, duration } from '../render/format.ts';
import { outcomeStyle, statusStyle } from '../render/outcome-style.ts';
import { renderTable } from '../render/render-table.ts';
import { readJsonFile } from '../typed/read-json.ts';
import { UsageError } from '../typed/usage-error.ts';

/** Runs a pipeline's machine on a virtual clock; a script replaces the handlers. */
export async function simulate({ args, option }: Invocation, context: Context): Promise<Answer> {
  // The script replaces the handlers, so they may be missing.
  const { plan, machine } = await loadValid(args[0] ?? '', context, { allowMissingHandlers: true });
  const file = option('scenario');
  const given = file === null ? {} : await readJsonFile(file, '--scenario', context.io.cwd);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new UsageError(`--scenario must hold a JSON object (docs/simulate.md)`);
  }
  const scenario = parseScenario(
    given,
    plan.steps.map(({ name }) => name),
  );
  const report = await play(plan, machine, scenario);
  return {
    exitCode: report.status === 'SUCCEEDED' ? 0 : 1,
    json: report as unknown as JsonObject,
    text: describe(report, plan.name, context),
  };
}

function describe(report: SimulationReport, name: string, { paint, table }: Context): string {
  const rows = Object.entries(report.steps).map(([step, { outcome, attempts, invocations, started_ms, ended_ms }]) => [
    step,
    { text: `${outcomeStyle(outcome).symbol} ${outcome}`, style: outcomeStyle(outcome).style },
    String(attempts),
    String(invocations),
    started_ms === null ? '-' : duration(started_ms),
    ended_ms === null ? '-' : duration(ended_ms),
  ]);
  const columns = [
    { title: 'step' },
    { title: 'outcome' },
    { title: 'attempts', align: 'right', drop: 1 },
    { title: 'invocations', align: 'right', drop: 2 },
    { title: 'started', align: 'right' },
    { title: 'ended', align: 'right' },
  ] as const;
  const status = paint(report.status, statusStyle(report.status));
  return [
    `${paint(name, 'bold')} ${status} in ${duration(report.makespan_ms)} of virtual time, ${counted(report.transitions, 'transition')}`,
    ...(report.failure ? failureLines(report.failure, paint) : []),
    '',
    renderTable(columns, rows, table),
    '',
    ...report.dead_letters.map(
      ({ step, failure }) => `  dead letter of ${paint(step)}: ${paint(failureLine(failure))}`,
    ),
  ].join('\n');
}
