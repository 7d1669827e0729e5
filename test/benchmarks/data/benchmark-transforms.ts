import { availableParallelism } from 'node:os';
import { type BenchmarkProject, type BenchmarkRun, type BenchmarkStep, benchmarkSteps } from './benchmark-project.ts';
import { contenders, writeNdjson } from './contenders.ts';
import type { InvocationFacts } from './measure-functions-process.ts';
import type { Costs } from './own-costs.ts';
import { middle, spread, textTable } from './text-table.ts';

type Contender = 'daybreak' | 'raw' | 'scan' | 'map';

/** Names for readers. */
const titles: Readonly<Record<Contender, string>> = {
  daybreak: 'Daybreak, a function of 2,048 MB',
  raw: 'the same queries in DuckDB alone',
  scan: 'a scan of the same columns',
  map: 'a JavaScript Map over NDJSON',
};

/** The transforms' settings in the template. */
const memoryMb = 2048;

/** Generates the data with a run, then measures each transform and its contenders alternately. Prints both. */
export async function benchmarkTransforms(project: BenchmarkProject, rounds: number): Promise<void> {
  const first = await project.run(memoryMb);
  if (first.code !== 0) throw new Error(`the first run failed:\n${first.output}`);
  await showDatasets(project, first);
  if (rounds === 0) return;
  await writeNdjson(project);
  for (const step of benchmarkSteps) {
    const costs: Record<Contender, Costs[]> = { daybreak: [], raw: [], scan: [], map: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of turns(round)) costs[contender].push(await measured[contender](project, step));
    }
    show(step, costs);
  }
}

const resources = { memoryMb, cores: availableParallelism() };

const measured: Readonly<Record<Contender, (project: BenchmarkProject, step: BenchmarkStep) => Promise<Costs>>> = {
  daybreak: async (project, step) => factsOf(await project.again(step, { memoryMb, limitMb: null }), step),
  raw: (project, step) => contenders.raw(project, step, resources),
  scan: (project, step) => contenders.scan(project, step, resources),
  map: (project, step) => contenders.map(project, step),
};

/** Every contender comes first in some round, because the first one pays for cold files. The Map takes minutes and is far slower, so it runs once. */
const turns = (round: number): Contender[] => {
  const all = (Object.keys(titles) as Contender[]).filter((contender) => contender !== 'map' || round === 0);
  return all.map((_, index) => all[(index + round) % all.length] as Contender);
};

/** The costs of the step's only invocation. Throws an Error with the run's output if it failed. */
const factsOf = (run: BenchmarkRun, step: string): InvocationFacts => {
  const facts = run.facts.find((one) => one.step === step && one.succeeded);
  if (run.code !== 0 || facts === undefined) throw new Error(`${step} failed:\n${run.output}`);
  return facts;
};

const count = (number: number): string => Math.round(number).toLocaleString('en');
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const showDatasets = async (project: BenchmarkProject, run: BenchmarkRun): Promise<void> => {
  const rows: string[][] = [];
  for (const facts of run.facts) {
    const datasets = Object.entries(await project.datasets(facts.step));
    const requests = Object.entries(facts.requests).map(([operation, times]) => `${times} ${operation}`);
    rows.push([
      facts.step,
      datasets.map(([, entry]) => count(entry.rows)).join(' + '),
      megabytes(datasets.reduce((sum, [, entry]) => sum + entry.bytes, 0)),
      String(datasets.reduce((sum, [, entry]) => sum + entry.parts.length, 0)),
      count(facts.wallMs),
      count(facts.cpuMs),
      count(facts.peakMb),
      megabytes(facts.bytesRead),
      megabytes(facts.bytesWritten),
      requests.join(', '),
    ]);
  }
  const head = ['step', 'rows', 'MB', 'parts', 'wall ms', 'CPU ms', 'peak MB', 'MB read', 'MB written', 'requests'];
  console.log(`\n${textTable(head, rows)}`);
};

const show = (step: BenchmarkStep, costs: Readonly<Record<Contender, readonly Costs[]>>): void => {
  const own = costs.daybreak;
  const ratio = (contender: Contender, figure: 'wallMs' | 'cpuMs'): string => {
    if (contender === 'daybreak') return '';
    const median = middle(own.map((costs) => costs[figure]));
    // A contender with one run is compared with the median of all rounds; the others compare round by round.
    const besides = (round: number): number => (contender === 'map' ? median : (own[round]?.[figure] ?? Number.NaN));
    return spread(
      costs[contender].map((other, round) => other[figure] / besides(round)),
      2,
    );
  };
  const rows = (Object.keys(titles) as Contender[]).map((contender) => {
    const all = costs[contender];
    return [
      titles[contender],
      count(middle(all.map(({ wallMs }) => wallMs))),
      count(middle(all.map(({ cpuMs }) => cpuMs))),
      count(Math.max(...all.map(({ peakMb }) => peakMb))),
      ratio(contender, 'wallMs'),
      ratio(contender, 'cpuMs'),
    ];
  });
  const head = [step, 'wall ms', 'CPU ms', 'peak MB', 'wall ÷ Daybreak', 'CPU ÷ Daybreak'];
  console.log(`\n${textTable(head, rows)}`);
  const limit = own.map(({ wallMs }, round) => wallMs / (costs.raw[round]?.wallMs ?? Number.NaN));
  console.log(`  wall of Daybreak ÷ DuckDB alone: ${spread(limit, 2)}`);
};
