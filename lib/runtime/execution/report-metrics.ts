import { historyKey } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { RunHistory } from '../../contract/records/history.ts';
import { freshnessValues, type MeasuredValues, onTimeValues, valuesOfRun } from '../../metrics/measured-values.ts';
import type { MetricLevel } from '../../metrics/metric-table.ts';
import { printEmf } from '../../metrics/print-emf.ts';
import type { Ports } from '../../ports/from-environment.ts';
import { createLogger } from '../logger.ts';
import { readIntact } from '../records/json-objects.ts';
import { keepSummary } from './keep-summary.ts';
import type { Ended } from './measure-run.ts';

type StorePorts = Pick<Ports, 'store' | 'clock'>;

/** The metrics that a function reports to CloudWatch, from DAYBREAK_METRICS. Nothing without it: on this machine, `daybreak metrics` reads the store. */
function levelOf(env: NodeJS.ProcessEnv): MetricLevel {
  const level = env.DAYBREAK_METRICS;
  return level === 'pipeline' || level === 'steps' ? level : 'none';
}

/**
 * Adds an ended execution to the pipeline's history and reports its metrics: the call whose write counted it prints them, so no figure counts twice. A process that dies between
 * the two loses one run's figures in CloudWatch; the sums in the store have them.
 */
export async function countEnd({ store, clock }: StorePorts, run: RunContext, ended: Ended): Promise<void> {
  // A trial counts for nothing.
  if (run.trial) return;
  const measured = await keepSummary(store, run, ended);
  if (measured === null) return;
  const { pipeline } = run;
  const { status, ended_at } = ended.end;
  await print(clock, () => valuesOfRun({ pipeline, status, ended_at, ...measured }, levelOf(process.env)));
}

/** Reports the age of the last good data. */
export async function reportFreshness({ store, clock }: StorePorts, pipeline: string): Promise<void> {
  if (levelOf(process.env) === 'none') return;
  const history = await readIntact<RunHistory>(store, historyKey(pipeline)).catch(() => null);
  await print(clock, () => freshnessValues(pipeline, history?.totals?.succeeded_at ?? null, clock.now()));
}

/** Reports the share of deadlines that were met, if one has passed. */
export async function reportOnTime(clock: Ports['clock'], pipeline: string, percent: number | null): Promise<void> {
  if (levelOf(process.env) !== 'none') await print(clock, () => onTimeValues(pipeline, percent, clock.now()));
}

/** Never throws: a run's end does not depend on its metrics. */
async function print(clock: Ports['clock'], make: () => readonly MeasuredValues[]): Promise<void> {
  try {
    await printEmf(make(), process.env.DAYBREAK_METRICS_STORE ?? 'daybreak');
  } catch (error) {
    const writeLine = (line: string) => process.stdout.write(`${line}\n`);
    const log = createLogger({ facts: {}, now: () => clock.now(), redact: (text) => text, writeLine });
    log.warn('metrics were not reported', { error });
  }
}
