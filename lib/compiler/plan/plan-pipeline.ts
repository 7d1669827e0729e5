import { type AlertSettings, destinationsOf } from '../../contract/events/alert-settings.ts';
import type { DeadlineSetting } from '../../contract/events/deadline-setting.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { Window } from '../../contract/partitions/window.ts';
import type { PublishSetting } from '../../contract/published/publish-setting.ts';
import type { SqlQueries } from '../../contract/sql-queries.ts';
import type { Graph } from '../graph/graph.ts';
import type { SqlTemplate, StepTemplate, Template } from '../template/template.ts';
import { defaultEphemeralStorageMb, defaults, longestFunctionSeconds } from './defaults.ts';
import { parameterType } from './parameter-type.ts';
import { withPartition } from './partition-params.ts';
import type { PipelinePlan, SchedulePlan, StepPlan } from './plan.ts';
import { planLayout } from './plan-layout.ts';
import { stepsWithMarks } from './plan-marks.ts';
import { planPartition } from './plan-partition.ts';
import { planProfiles } from './plan-profiles.ts';
import { planRelays } from './plan-relays.ts';
import { planRetry } from './plan-retry.ts';

interface PlanOptions {
  /** The texts of the SQL steps, by step. */
  readonly queries?: ReadonlyMap<string, SqlQueries>;
  /** Hold if the template has no key `alerts`. */
  readonly projectAlerts?: AlertSettings | null;
}

/** Turns a checked template into a plan: every default filled in, every step with its place and its waits. */
export function planPipeline(
  template: Template,
  graph: Graph,
  { queries = new Map(), projectAlerts = null }: PlanOptions = {},
): PipelinePlan {
  const { layout, awaits } = planLayout(graph);
  const wakes = wakesOf(awaits);
  const relays = planRelays(graph);
  const marked = stepsWithMarks(template, graph);
  return {
    name: template.name,
    namespace: template.namespace ?? defaults.namespace,
    version: template.version,
    description: template.description ?? '',
    inputSchema: template.inputSchema,
    steps: template.steps.map((step) => ({
      ...planStep(step, graph.dependencies.get(step.name) ?? []),
      deadline: planDeadline(step, template),
      profiles: planProfiles(step, template),
      needs: planNeeds(step, template),
      marks: marked.has(step.name),
      ...planWork(step, template, queries),
      awaits: awaits.get(step.name) ?? [],
      wakes: wakes.get(step.name) ?? {},
      relays: relays.get(step.name) ?? { via: {}, carries: [] },
    })),
    layout,
    schedule: planSchedule(template),
    // Runs of one partition take turns, and partitions run side by side.
    overlap: {
      policy: template.overlap?.policy ?? defaults.overlap,
      key: template.overlap?.key ?? template.partition?.key ?? null,
    },
    partition: planPartition(template),
    deadline: planDeadline(template, template),
    expectedMs: template.expectedMs,
    maxDurationSeconds: Math.ceil((template.maxDurationMinutes ?? defaults.maxDurationMinutes) * 60),
    localSetup: template.localSetup,
    functions: template.functions ?? defaults.functions,
    alerts: withDestinations(template.alerts ?? projectAlerts),
    publish: planPublish(template),
    lineage: template.lineage,
  };
}

/** In a pipeline without partitions there is no window; `checkNeeds` has reported it. */
function planNeeds({ needs }: StepTemplate, template: Template): Window | null {
  const partition = planPartition(template);
  if (needs === null || partition === null) return null;
  const { key: _, ...rule } = partition;
  return { step: needs.step, dataset: needs.dataset, back: needs.back, missing: needs.missing ?? 'error', rule };
}

function planStep(
  step: StepTemplate,
  dependencies: readonly string[],
): Omit<StepPlan, 'awaits' | 'wakes' | 'relays' | 'work' | 'config' | 'deadline' | 'needs' | 'marks' | 'profiles'> {
  const wanted = Math.ceil((step.timeoutMs ?? defaults.timeoutMs) / 1000);
  // A query cannot yield; `readQueries` of lib/compiler/sql has said so.
  const timeoutSeconds = step.sql ? Math.min(wanted, longestFunctionSeconds) : wanted;
  const memoryMb = step.memoryMb ?? defaults.memoryMb;
  return {
    name: step.name,
    description: step.description ?? '',
    dependencies,
    triggerRule: step.triggerRule ?? defaults.triggerRule,
    optional: step.optional ?? false,
    severity: step.severity ?? defaults.severity,
    expectedMs: step.expectedMs,
    retry: planRetry(step.retry),
    timeoutSeconds,
    functionTimeoutSeconds: Math.min(timeoutSeconds, longestFunctionSeconds),
    memoryMb,
    ephemeralStorageMb: step.ephemeralStorageMb ?? defaultEphemeralStorageMb(memoryMb),
    resultSchema: step.resultSchema,
    environment: step.environment,
    secrets: step.secrets,
    permissions: step.permissions,
  };
}

/** The step's work and its configuration. */
function planWork(
  step: StepTemplate,
  { inputSchema, partition, schedule }: Template,
  queries: ReadonlyMap<string, SqlQueries>,
): Pick<StepPlan, 'work' | 'config'> {
  const pieces = partitionConfig(planPartition({ partition, schedule }));
  if (!step.sql) {
    const { entry, export: name, initialization } = step.handler;
    const named = name === 'handler' ? {} : { export: name };
    const config = { initialization, ...named, ...configOf(step), ...pieces };
    return { work: { kind: 'handler', entry, export: name }, config };
  }
  const own = queries.get(step.name);
  if (!own) throw new Error(`the queries of step "${step.name}" were not read`);
  const texts = [...own.datasets, ...(own.result ? [own.result] : [])].map(({ text }) => text);
  const params = withPartition(step.sql.params, { isPartitioned: partition !== null, texts });
  const config = { initialization: parametersOf(params, inputSchema), ...configOf(step), ...pieces };
  return { work: { kind: 'sql', queries: own }, config };
}

/** The rule by which a partition's name, which is part of the input, means two moments: it belongs to the fingerprint of every step. Its first partition does not. */
const partitionConfig = (plan: PipelinePlan['partition']): JsonObject =>
  plan ? { partition: { by: plan.by, timezone: plan.timezone } } : {};

/** The configuration that `runSql` of lib/runtime sees. */
function parametersOf(params: SqlTemplate['params'], inputSchema: JsonObject | null): JsonObject {
  const types = Object.entries(params).flatMap(([name, value]) => {
    const type = parameterType(value, inputSchema);
    return type === null ? [] : [[name, type] as const];
  });
  return Object.keys(params).length > 0 ? { params: { ...params }, types: Object.fromEntries(types) } : {};
}

/**
 * The parts of a step that can change its result, so they belong to its fingerprint. Time-out, memory, retries, severity and permissions cannot. The location of a secret
 * counts (another location may be another database), not its value.
 */
function configOf(step: StepTemplate): JsonObject {
  const some = (name: string, value: object | null) =>
    value !== null && Object.keys(value).length > 0 ? { [name]: value as JsonObject } : {};
  return {
    ...some('outputs', outputsOf(step)),
    ...some('result_schema', step.resultSchema),
    ...some('environment', step.environment),
    ...some('secrets', step.secrets),
    ...some('needs', step.needs),
  };
}

const outputsOf = ({ outputs }: StepTemplate) =>
  outputs &&
  Object.fromEntries(
    Object.entries(outputs).map(([name, { schema, checks }]) => [
      name,
      {
        ...(schema !== null && { schema }),
        ...(checks.length > 0 && { checks: checks.map(({ index: _, ...check }) => check) }),
      },
    ]),
  );

/** The waits from the producers' side: per step, the steps that it may have to wake, each with everything that it awaits. */
function wakesOf(awaits: ReadonlyMap<string, readonly string[]>): Map<string, Record<string, readonly string[]>> {
  const wakes = new Map<string, Record<string, readonly string[]>>();
  for (const [waiter, awaited] of awaits)
    for (const producer of awaited) wakes.set(producer, { ...wakes.get(producer), [waiter]: awaited });
  return wakes;
}

/** Alerts that reach no one need no function. `alerts: {}` so turns the project's off. */
const withDestinations = (alerts: AlertSettings | null): AlertSettings | null =>
  alerts && destinationsOf(alerts).length > 0 ? alerts : null;

const planPublish = ({ publish, partition }: Template): PublishSetting | null => {
  if (publish === null) return null;
  const datasets = new Map<string, string[]>();
  for (const { step, dataset } of publish.datasets) datasets.set(step, [...(datasets.get(step) ?? []), dataset]);
  return {
    datasets: Object.fromEntries(datasets),
    keep: publish.keep ?? (partition === null ? defaults.keepVersions : defaults.keepPartitionVersions),
    ...(publish.breaking && { breaking: true }),
  };
};

/** In the schedule's zone unless it has its own. */
const planDeadline = (
  { deadline }: Pick<Template, 'deadline'>,
  { schedule }: Pick<Template, 'schedule'>,
): DeadlineSetting | null =>
  deadline && {
    ready_by: deadline.readyBy,
    timezone: deadline.timezone ?? schedule?.timezone ?? defaults.timezone,
    severity: deadline.severity ?? defaults.deadlineSeverity,
    at_risk: deadline.atRisk ?? defaults.atRisk,
  };

const planSchedule = ({ schedule }: Template): SchedulePlan | null =>
  schedule && {
    ...schedule,
    timezone: schedule.timezone ?? defaults.timezone,
    enabled: schedule.enabled ?? true,
  };
