/** Decides from the outcomes of its dependencies whether a step runs. */

import type { Outcome } from '../../contract/records/outcome.ts';
import type { StepSpec } from '../../contract/step-spec.ts';

export type TriggerDecision =
  | { readonly decision: 'run' }
  | { readonly decision: 'skip' }
  /** `causes`: the steps whose failure is behind it, sorted. */
  | { readonly decision: 'block'; readonly causes: readonly string[] };

/** Outcomes of all dependencies by name; null (none settled) counts as failed. */
export type Upstream = ReadonlyMap<string, Outcome | null>;

type Row = { readonly broken: TriggerDecision['decision']; readonly skipped: TriggerDecision['decision'] };

/** The decision when a dependency failed or is blocked; otherwise, when one was skipped. If all succeeded, the step runs under every rule. */
const rules: Record<StepSpec['trigger_rule'], Row> = {
  all_success: { broken: 'block', skipped: 'skip' },
  none_failed: { broken: 'block', skipped: 'run' },
  all_done: { broken: 'run', skipped: 'run' },
};

/** Applies the trigger rule; the table in docs is this one. */
export function decide(rule: StepSpec['trigger_rule'], upstream: Upstream): TriggerDecision {
  const kinds = [...upstream.values()].map((outcome) => outcome?.outcome ?? 'failed');
  const broken = kinds.some((kind) => kind === 'failed' || kind === 'blocked');
  const skipped = kinds.includes('skipped');
  const decision = broken ? rules[rule].broken : skipped ? rules[rule].skipped : 'run';
  return decision === 'block' ? { decision, causes: causesOf(upstream) } : { decision };
}

/** The failed steps behind broken dependencies, sorted: a blocked one hands on its own causes. */
function causesOf(upstream: Upstream): string[] {
  const causes = [...upstream].flatMap(([name, outcome]) => {
    if (!outcome || outcome.outcome === 'failed') return [name];
    return outcome.outcome === 'blocked' ? outcome.causes : [];
  });
  return [...new Set(causes)].sort();
}
