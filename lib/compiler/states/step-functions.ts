import { digestOf } from '../../contract/fingerprint.ts';
import type { Json } from '../../contract/json.ts';
import type { SqlQueries } from '../../contract/sql-queries.ts';
import type { StepWork } from '../../contract/step-work.ts';
import type { StepPlan } from '../plan/plan.ts';
import { placeholders } from './placeholders.ts';

/** A Lambda function that runs one step, or several that agree in everything a function is made of. */
export interface StepFunction
  extends Pick<StepPlan, 'work' | 'memoryMb' | 'ephemeralStorageMb' | 'environment' | 'secrets' | 'permissions'> {
  /** Of one invocation. */
  readonly timeoutSeconds: number;
  readonly placeholder: string;
  readonly steps: readonly string[];
}

/** The module that runs the queries of any SQL step, relative to the package's root. */
const sqlStepEntry = { entry: 'lambdas/platform/sql-step.ts', export: 'handler' } as const;

/** The module and export that do the work. With `sql` the module is Daybreak's own: its path is relative to the package's root. */
export const entryOf = (
  work: StepWork,
): { readonly entry: string; readonly export: string; readonly sql: SqlQueries | null } =>
  work.kind === 'sql' ? { ...sqlStepEntry, sql: work.queries } : { entry: work.entry, export: work.export, sql: null };

/** Groups the steps by function. The first step of each names it: `extract_orders` gives `ExtractOrdersFunction`. */
export function stepFunctions(steps: readonly StepPlan[]): StepFunction[] {
  const byShape = new Map<string, StepFunction & { steps: string[] }>();
  const names = new Set<string>(Object.values(placeholders));
  for (const step of steps) {
    const shape = {
      work: step.work,
      timeoutSeconds: step.functionTimeoutSeconds,
      memoryMb: step.memoryMb,
      ephemeralStorageMb: step.ephemeralStorageMb,
      environment: step.environment,
      secrets: step.secrets,
      permissions: step.permissions,
    };
    const key = digestOf(shape as unknown as Json);
    const known = byShape.get(key);
    if (known) known.steps.push(step.name);
    else byShape.set(key, { placeholder: uniqueName(step.name, names), ...shape, steps: [step.name] });
  }
  return [...byShape.values()];
}

/** CloudFormation takes letters and digits only, so `a_b` and `a-b` would meet: the second gets a number. */
function uniqueName(step: string, taken: Set<string>): string {
  const base = step
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  let name = `${base}Function`;
  for (let i = 2; taken.has(name); i++) name = `${base}${i}Function`;
  taken.add(name);
  return name;
}
