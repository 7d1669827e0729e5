import type { JsonObject } from '../../contract/json.ts';
import { checkInput } from '../../offline/engine/check-input.ts';
import { startLocalSetup } from '../../offline/engine/local-setup.ts';
import { type FailureRow, failureTable } from '../../offline/faults/failure-table.ts';
import { renderBench } from '../../offline/faults/render-bench.ts';
import { type BenchReport, runBench } from '../../offline/faults/run-bench.ts';
import { loadedSubject } from '../../offline/faults/subjects/loaded-subject.ts';
import { MemoryObjectStore } from '../../ports/memory/memory-object-store.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { renderTable } from '../render/render-table.ts';
import { commandLine } from '../typed/command-line.ts';
import { dataOf } from '../typed/data-option.ts';
import { readInput } from '../typed/read-json.ts';
import { UsageError } from '../typed/usage-error.ts';
import { outputAside } from '../units/output-aside.ts';
import { asSetupError, loadRunnable } from '../watch/run-watched.ts';

/** Runs a pipeline with its own handlers under injected faults, and shows which steps the failure of each step would block. */
export async function test(invocation: Invocation, context: Context): Promise<Answer> {
  const { args, option } = invocation;
  if (isOfUnits(invocation)) return ofUnits(invocation, context);
  const runs = whole(option('faults') ?? '20', '--faults');
  const seed = whole(option('seed') ?? '1', '--seed');
  const pipeline = await loadRunnable(args[0] ?? '', context);
  const { plan } = pipeline;
  const given = await readInput(option('input'), context);
  const data = await dataOf(option('data'), plan.localSetup, context);
  const furnished = new MemoryObjectStore();
  const log = (line: string) => context.io.stderr.write(`${context.paintAside(line)}\n`);
  const setup = await startLocalSetup(plan.localSetup, context.root, { store: furnished, data, log }).catch(
    (error: unknown) => {
      throw asSetupError(error, plan.localSetup);
    },
  );
  try {
    const input = given ?? setup.input ?? {};
    checkInput(plan, input);
    const failures = await failureTable(plan, input);
    const subject = await loadedSubject(pipeline, { root: context.root, setup, input, furnished });
    const onRun = () => context.io.stderr.isTTY && context.io.stderr.write('.');
    const report = await runBench({ seed, runs, subjectOf: () => subject, onRun });
    const again = (number: number) => repeat(args[0] ?? '', number, { option, context });
    return {
      exitCode: report.broken.length > 0 ? 1 : 0,
      json: toJson(plan.name, failures, { report, again }),
      text: [
        describeFailures(failures, context),
        '',
        ...renderBench(report, again)
          .split('\n')
          .map((line) => context.paint(line)),
      ].join('\n'),
    };
  } finally {
    await setup.stop();
  }
}

const isOfUnits = ({ flag, list }: Invocation): boolean => flag('units') || list('capture').length > 0;

/** Tests of single steps, from files; `--capture` writes one. */
async function ofUnits(invocation: Invocation, context: Context): Promise<Answer> {
  const { args, option, list } = invocation;
  const bench = ['faults', 'seed', 'input', 'data'].filter((name) => option(name) !== null);
  if (bench.length > 0) throw new UsageError(`--units runs no pipeline: leave --${bench.join(' and --')} out`);
  const pipeline = await loadRunnable(args[0] ?? '', context);
  if (list('capture').length > 0)
    return outputAside(async () =>
      (await import('./units/capture-unit.ts')).captureUnit(pipeline, invocation, context),
    );
  return outputAside(async () => (await import('./units/test-units.ts')).testUnits(pipeline, invocation, context));
}

function whole(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`${option} must be a whole number, not "${text}"`);
}

/** The command that repeats one run. */
function repeat(
  pipeline: string,
  seed: number,
  { option, context }: { readonly option: (name: string) => string | null; readonly context: Context },
): string {
  const same = ['input', 'data'].flatMap((name) => {
    const value = option(name);
    return value === null ? [] : [`--${name}`, value];
  });
  return commandLine(['test', pipeline, '--faults', '1', '--seed', String(seed), ...same], null, context);
}

function describeFailures(rows: readonly FailureRow[], { paint, table }: Context): string {
  const columns = [
    { title: 'if this step fails' },
    { title: 'this is blocked' },
    { title: 'this still arrives' },
    { title: 'the run', drop: 1 },
  ] as const;
  const cells = rows.flatMap(({ step, status, blocked, arrives }) => {
    const [left, right] = [wrapped(blocked), wrapped(arrives)];
    return Array.from({ length: Math.max(left.length, right.length) }, (_, line) => [
      line === 0 ? step : '',
      left[line] ?? '',
      right[line] ?? '',
      line === 0 ? status : '',
    ]);
  });
  return [paint('Failures', 'bold'), renderTable(columns, cells, table)].join('\n');
}

/** The names, wrapped over as many lines as they need; a dash if there are none. */
function wrapped(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length < widestList) lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(name);
  }
  return lines.length === 0 ? ['-'] : lines;
}

const widestList = 40;

function toJson(
  pipeline: string,
  failures: readonly FailureRow[],
  { report, again }: { readonly report: BenchReport; readonly again: (seed: number) => string },
): JsonObject {
  const broken = report.broken.map((run) => ({ ...run, command: again(run.seed) }));
  return { pipeline, failures, faults: { ...report, broken } } as unknown as JsonObject;
}
