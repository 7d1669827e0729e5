import { join, resolve } from 'node:path';
import { type Binding, bindingsOf } from '../../compiler/bindings.ts';
import type { OverlapPlan, StepPlan } from '../../compiler/plan/plan.ts';
import { retryDelays } from '../../compiler/plan/retry-delays.ts';
import type { DeadlineSetting } from '../../contract/events/deadline-setting.ts';
import type { Json, JsonObject } from '../../contract/json.ts';
import { longestRestSeconds } from '../../contract/retry-delays.ts';
import { planFile } from '../../contract/step-spec.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { loadValid, type ValidPipeline } from '../load.ts';
import { count, counted } from '../render/format.ts';
import { type MachineFacts, machineFacts } from '../render/machine-facts.ts';
import { renderPairs, renderTable } from '../render/render-table.ts';
import { renderSchedule, renderSchedules } from '../render/retry-schedule.ts';
import { shortPath } from '../typed/command-line.ts';
import { writeFileAtomically } from '../write-file.ts';

/** Compiles one pipeline, shows the value of every default, and writes the machine and its bindings. */
export async function compile({ args, option }: Invocation, context: Context): Promise<Answer> {
  const pipeline = await loadValid(args[0] ?? '', context, { show: 'all' });
  const out = option('out') === null ? null : resolve(context.io.cwd, option('out') ?? '');
  const bindings = bindingsOf(pipeline.machine, context.root, out === null ? null : join(out, planFile));
  const files = out === null ? [] : await write(pipeline, bindings, out);
  const facts = { ...machineFacts(pipeline.machine), waits: waitsOf(pipeline).length };
  return {
    exitCode: 0,
    json: {
      name: pipeline.plan.name,
      file: pipeline.file,
      ...facts,
      steps: pipeline.plan.steps.map((step) => stepJson(step, pipeline)),
      files,
      definition: pipeline.machine.definition,
      bindings: bindings as unknown as JsonObject,
    },
    text: describe(pipeline, { facts, files }, context),
  };
}

/** The way in which runs of the pipeline exclude each other. */
function overlapOf({ policy, key }: OverlapPlan): string {
  if (policy === 'allow') return 'any number at a time';
  const scope = key === null ? 'one at a time' : `one at a time for each ${key}`;
  return `${scope}, another start ${policy === 'skip' ? 'is skipped' : 'waits'}`;
}

const waitsOf = ({ plan }: ValidPipeline): StepPlan[] => plan.steps.filter(({ awaits }) => awaits.length > 0);

async function write(
  { plan, machine }: ValidPipeline,
  bindings: Record<string, Binding>,
  folder: string,
): Promise<string[]> {
  const documents: [string, unknown][] = [
    [`${plan.name}.asl.json`, machine.definition],
    [planFile, machine.steps],
    ['bindings.json', bindings],
  ];
  const files = documents.map(([name, content]) => ({ path: join(folder, name), content }));
  for (const { path, content } of files) await writeFileAtomically(path, `${JSON.stringify(content, null, 2)}\n`);
  return files.map(({ path }) => path);
}

/** The handler, or the datasets of the queries, each with its file. An inline query has no file. */
const workJson = ({ work }: StepPlan): JsonObject =>
  work.kind === 'sql'
    ? { sql: work.queries.datasets.map(({ name, file }) => ({ dataset: name, file })) }
    : { entry: work.entry, export: work.export };

const stepJson = (step: StepPlan, { datasets }: ValidPipeline): JsonObject => ({
  name: step.name,
  ...workJson(step),
  datasets: datasets.of(step.name),
  dependencies: [...step.dependencies],
  waits_for: [...step.awaits],
  trigger_rule: step.triggerRule,
  optional: step.optional,
  severity: step.severity,
  timeout_seconds: step.timeoutSeconds,
  memory_mb: step.memoryMb,
  ephemeral_storage_mb: step.ephemeralStorageMb,
  retry: {
    ...Object.fromEntries(
      (['step', 'platform', 'timeOut'] as const).map((kind): [string, Json] => {
        const budget = step.retry[kind];
        return [
          kind === 'timeOut' ? 'time_out' : kind,
          { attempts: budget.attempts, delays_seconds: retryDelays(budget), jitter: budget.jitter.toLowerCase() },
        ];
      }),
    ),
    longest_retry_after_seconds: step.retry.step.attempts > 1 ? longestRestSeconds : null,
  },
});

interface Compiled {
  readonly facts: MachineFacts & { readonly waits: number };
  readonly files: readonly string[];
}

function describe({ plan, file }: ValidPipeline, { facts, files }: Compiled, context: Context): string {
  const { paint, table } = context;
  const rows = plan.steps.map((step) => [
    step.name,
    `${count(step.timeoutSeconds)} s`,
    `${count(step.memoryMb)} MB`,
    step.awaits.join(', ') || '-',
  ]);
  const columns = [
    { title: 'step' },
    { title: 'time-out', align: 'right' },
    { title: 'memory', align: 'right', drop: 2 },
    { title: 'waits for', drop: 1 },
  ] as const;
  const schedule = plan.schedule
    ? `${plan.schedule.expression}, ${plan.schedule.timezone}${plan.schedule.enabled ? '' : ', disabled'}`
    : 'none';
  return [
    `${paint(plan.name, 'bold')} ${paint(plan.version)}  ${paint(file, 'dim')}`,
    '',
    renderTable(columns, rows, table),
    '',
    `Retries after errors of the step; a Retry-After holds to the second, up to ${count(longestRestSeconds)} s`,
    renderPairs(
      plan.steps.map((step) => [step.name, renderSchedule(step.retry.step)]),
      paint,
    ),
    '',
    renderPairs(
      [
        [
          'machine',
          `${counted(facts.states, 'state')}, ${counted(facts.waits, 'wait')}, ${counted(facts.functions, 'function')}, definition of ${counted(facts.definition_characters, 'character')}`,
        ],
        ['run', `at most ${count(plan.maxDurationSeconds / 60)} minutes; ${overlapOf(plan.overlap)}`],
        ['schedule', schedule],
        ...deadlinePairs(plan),
        ...retryPairs(plan.steps),
        ...files.map((path) => ['written', shortPath(path, context)] as const),
      ],
      paint,
    ),
  ].join('\n');
}

/** The deadlines of the run and of steps, if there are any. */
function deadlinePairs({ deadline, steps }: ValidPipeline['plan']): [string, string][] {
  const time = ({ ready_by, timezone }: DeadlineSetting): string =>
    `${String(Math.floor(ready_by / 60)).padStart(2, '0')}:${String(ready_by % 60).padStart(2, '0')} ${timezone}`;
  const own = steps.flatMap((step) => (step.deadline ? [`${step.name} ${time(step.deadline)}`] : []));
  const all = [...(deadline ? [time(deadline)] : []), ...own];
  return all.length > 0 ? [['deadline', all.join('; ')]] : [];
}

/** The other two retry budgets: the schedule of most steps, and the exceptions. */
function retryPairs(steps: readonly StepPlan[]): [string, string][] {
  const own = ({ retry }: StepPlan): string => {
    const schedule = renderSchedule(retry.timeOut);
    return schedule === renderSchedule(retry.step) ? "as the step's errors, counted apart" : schedule;
  };
  return [
    [
      'faults of Lambda and store',
      renderSchedules(steps.map((step) => [step.name, renderSchedule(step.retry.platform)])),
    ],
    ['time-outs', renderSchedules(steps.map((step) => [step.name, own(step)]))],
  ];
}
