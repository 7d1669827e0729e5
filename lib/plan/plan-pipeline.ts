import type { JsonObject } from '../contract/json.ts';
import type { Graph } from '../graph/graph.ts';
import type { StepTemplate, Template } from '../template/template.ts';
import { defaults, longestFunctionSeconds } from './defaults.ts';
import type { PipelinePlan, SchedulePlan, StepPlan } from './plan.ts';
import { planLayout } from './plan-layout.ts';
import { planRetry } from './plan-retry.ts';

/** Turns a checked template into a plan: every default filled in, every step with its place and its waits. */
export function planPipeline(template: Template, graph: Graph): PipelinePlan {
  const { layout, awaits } = planLayout(graph);
  const wakes = wakesOf(awaits);
  return {
    name: template.name,
    namespace: template.namespace ?? defaults.namespace,
    version: template.version,
    description: template.description ?? '',
    inputSchema: template.inputSchema,
    steps: template.steps.map((step) => ({
      ...planStep(step, graph.dependencies.get(step.name) ?? []),
      awaits: awaits.get(step.name) ?? [],
      wakes: wakes.get(step.name) ?? {},
    })),
    layout,
    schedule: planSchedule(template),
    overlap: { policy: template.overlap?.policy ?? defaults.overlap, key: template.overlap?.key ?? null },
    maxDurationSeconds: Math.ceil((template.maxDurationMinutes ?? defaults.maxDurationMinutes) * 60),
    localSetup: template.localSetup,
  };
}

function planStep(step: StepTemplate, dependencies: readonly string[]): Omit<StepPlan, 'awaits' | 'wakes'> {
  const timeoutSeconds = Math.ceil((step.timeoutMs ?? defaults.timeoutMs) / 1000);
  return {
    name: step.name,
    description: step.description ?? '',
    handler: { entry: step.handler.entry, export: step.handler.export },
    config: configOf(step),
    dependencies,
    triggerRule: step.triggerRule ?? defaults.triggerRule,
    optional: step.optional ?? false,
    severity: step.severity ?? defaults.severity,
    retry: planRetry(step.retry),
    timeoutSeconds,
    functionTimeoutSeconds: Math.min(timeoutSeconds, longestFunctionSeconds),
    memoryMb: step.memoryMb ?? defaults.memoryMb,
    resultSchema: step.resultSchema,
    environment: step.environment,
    secrets: step.secrets,
    permissions: step.permissions,
  };
}

/**
 * What can change a step's result, and so belongs to its fingerprint. Time-out, memory, retries, severity and permissions cannot. Secrets count by where they are kept
 * (another place may be another database), not by their value.
 */
function configOf(step: StepTemplate): StepPlan['config'] {
  const some = (name: string, value: object | null) =>
    value !== null && Object.keys(value).length > 0 ? { [name]: value as JsonObject } : {};
  return {
    initialization: step.handler.initialization,
    ...(step.handler.export !== 'handler' && { export: step.handler.export }),
    ...some('result_schema', step.resultSchema),
    ...some('environment', step.environment),
    ...some('secrets', step.secrets),
  };
}

/** The waits seen from the other side: per step, whom it may have to wake, and what each of those awaits in all. */
function wakesOf(awaits: ReadonlyMap<string, readonly string[]>): Map<string, Record<string, readonly string[]>> {
  const wakes = new Map<string, Record<string, readonly string[]>>();
  for (const [waiter, awaited] of awaits)
    for (const producer of awaited) wakes.set(producer, { ...wakes.get(producer), [waiter]: awaited });
  return wakes;
}

const planSchedule = ({ schedule }: Template): SchedulePlan | null =>
  schedule && {
    ...schedule,
    timezone: schedule.timezone ?? defaults.timezone,
    enabled: schedule.enabled ?? true,
  };
