import type { Report } from '../../diagnostics/diagnostic.ts';
import type { PipelinePlan } from '../plan/plan.ts';
import type { CompiledMachine } from '../states/emit-machine.ts';

/** CloudFormation's limit of a stack. */
const mostResources = 500;

/** The number of resources in a pipeline's stack besides its functions (machine, alarms, queues, platform functions), and the numbers that a schedule, alerts, published data and lineage add. */
const commonResources = 52;
const scheduleResources = 6;
const alertResources = 10;
const catalogResources = 9;
const lineageResources = 7;

/** Resources per function (itself and its log group), and per set of secrets and permissions (role and policy). */
const perFunction = 2;
const perRole = 2;

/** The number of resources in a pipeline's stack. A test compares it with real stacks. */
export function resourcesOf(
  { schedule, alerts, publish, lineage }: Pick<PipelinePlan, 'schedule' | 'alerts' | 'publish' | 'lineage'>,
  { functions }: CompiledMachine,
): number {
  const roles = new Set(functions.map(({ secrets, permissions }) => JSON.stringify([secrets, permissions])));
  const asked =
    (schedule ? scheduleResources : 0) +
    (alerts ? alertResources : 0) +
    (publish ? catalogResources : 0) +
    (lineage ? lineageResources : 0);
  return commonResources + asked + functions.length * perFunction + roles.size * perRole;
}

/** Warns of a pipeline whose functions are too many for one stack. It still runs offline; a deployment stops here. */
export function checkFunctions(
  { file, plan, machine }: { readonly file: string; readonly plan: PipelinePlan; readonly machine: CompiledMachine },
  report: Report,
): void {
  const resources = resourcesOf(plan, machine);
  if (resources <= mostResources) return;
  report({
    code: 'TOO_MANY_FUNCTIONS',
    severity: 'warning',
    message: `${machine.functions.length} functions run the steps, so the stack has about ${resources} resources and CloudFormation takes ${mostResources}; let more steps agree in settings, secrets and permissions (see "defaults"), leave out "functions: separate", or make several pipelines`,
    span: { file, line: 1, column: 1, endLine: 1, endColumn: 1 },
  });
}
