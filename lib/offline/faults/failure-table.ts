import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import { emitMachine } from '../../compiler/states/emit-machine.ts';
import type { JsonObject } from '../../contract/json.ts';
import { parseScenario } from '../simulate/scenario.ts';
import { simulate } from '../simulate/simulate.ts';
import { runBegins } from './run-begins.ts';

/** 2026-01-01. */
const simulationBegins = Date.UTC(2026, 0, 1);

/** The end of a run in which one step fails for good. */
export interface FailureRow {
  readonly step: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly blocked: readonly string[];
  /** The other steps, which still arrive. */
  readonly arrives: readonly string[];
}

/** For every step the steps that its failure blocks, computed from the graph and observed in a run with that failure. Throws an error if the two differ. */
export async function failureTable(plan: PipelinePlan, input: JsonObject): Promise<FailureRow[]> {
  const machine = emitMachine(plan, () => 'simulated');
  const names = plan.steps.map(({ name }) => name);
  const rows: FailureRow[] = [];
  const start = new Date(runBegins(plan, input, simulationBegins)).toISOString();
  for (const step of names) {
    const scenario = parseScenario({ start, input, steps: { [step]: { attempts: ['permanent'] } } }, names);
    const { status, failed, blocked, steps } = await simulate(plan, machine, scenario);
    const told = blockedBy(plan, step);
    const shown = [...blocked].sort();
    if (failed.join() !== step || shown.join() !== told.join())
      throw new Error(
        `the failure of ${step} blocks ${told.join(', ') || 'nothing'} by the graph, and in the machine ${shown.join(', ') || 'nothing'}; failed: ${failed.join(', ')}`,
      );
    const arrives = names.filter((name) => ['succeeded', 'reused', 'skipped'].includes(steps[name]?.outcome ?? ''));
    rows.push({ step, status, blocked: names.filter((name) => blocked.includes(name)), arrives });
  }
  return rows;
}

/** The steps that a failure blocks: dependents of what failed or is blocked, unless their trigger rule lets them run. Sorted. */
function blockedBy({ steps }: PipelinePlan, failed: string): string[] {
  const broken = new Set([failed]);
  for (let size = 0; size !== broken.size; ) {
    size = broken.size;
    for (const { name, dependencies, triggerRule } of steps)
      if (triggerRule !== 'all_done' && dependencies.some((dependency) => broken.has(dependency))) broken.add(name);
  }
  broken.delete(failed);
  return [...broken].sort();
}
