import type { Json } from '../../../contract/json.ts';
import type { RunRef } from '../../../contract/object-keys.ts';
import type { ExecutionRecord } from '../../../contract/records/execution.ts';
import { didYouMean } from '../../../diagnostics/did-you-mean.ts';
import { rememberedStart } from '../../../offline/kept/remembered-start.ts';
import { definitionFacts, machineFacts } from '../../../operate/resume/definition-facts.ts';
import type { VouchOptions } from '../../../operate/vouch/vouch-options.ts';
import { findDamage, findLoss } from '../../../runtime/manifests/find-damage.ts';
import type { Context } from '../../context.ts';
import { loadValid, type ValidPipeline } from '../../load.ts';
import type { Place } from '../../typed/place.ts';
import { localFolder } from '../../typed/store-option.ts';
import { UsageError } from '../../typed/usage-error.ts';

interface Wish {
  /** Name or path of the pipeline. */
  readonly wanted: string;
  readonly step: string;
  readonly run: RunRef;
  readonly history: readonly ExecutionRecord[];
  readonly place: Place;
}

type Markable = Pick<VouchOptions, 'facts' | 'spec' | 'check'>;

/**
 * The step as the next execution would run it. Only its template knows which datasets it owes and which form its result has, so a deployed step must be the one of the template here.
 * Throws a UsageError for a step that does not exist, that owes datasets, or that is deployed with other code.
 */
export async function markableStep(wish: Wish, context: Context): Promise<Markable> {
  const { step, run, place } = wish;
  const pipeline = await loadHere(wish, context);
  const here = machineFacts(pipeline.machine);
  const names = here.steps.map(({ name }) => name);
  const spec = names.includes(step) ? pipeline.machine.steps[step] : undefined;
  if (!spec) throw new UsageError(`pipeline "${run.pipeline}" has no step "${step}"${didYouMean(step, names)}`);
  const owed = datasetsOf(pipeline, step);
  if (owed.length > 0)
    throw new UsageError(
      `step "${step}" writes datasets (${owed.join(', ')}), and mark takes no datasets: repair the step and resume, since the steps after it read them`,
    );
  if (!place.deployed) return { facts: here, spec, check: findDamage };
  const facts = definitionFacts(JSON.parse(await place.deployed.machine.definition()) as Json);
  const deployed = facts.steps.find(({ name }) => name === step);
  if (deployed?.definition !== spec.definition)
    throw new UsageError(
      `step "${step}" is ${deployed ? 'deployed with other code or configuration than here' : 'not deployed'}: give the command in a checkout of what is deployed, or deploy this one`,
    );
  return { facts, spec, check: findLoss };
}

/** On this machine with the template's environment of the run's start, as a resume has it. */
async function loadHere({ wanted, run, history, place }: Wish, context: Context): Promise<ValidPipeline> {
  if (place.deployed) return loadValid(wanted, context);
  const local = typeof place.typed === 'string' ? place.typed : null;
  const remembered = local?.includes('://') ? null : await rememberedStart(localFolder(local, context), run, history);
  return loadValid(wanted, context, { environment: context.environment ?? remembered?.environment ?? null });
}

/** The datasets that a step is known to write: those of its queries, and those under `outputs`. */
function datasetsOf({ plan }: ValidPipeline, name: string): string[] {
  const step = plan.steps.find((one) => one.name === name);
  if (!step) return [];
  const queries = step.work.kind === 'handler' ? [] : step.work.queries.datasets.map((query) => query.name);
  return [...new Set([...queries, ...Object.keys((step.config.outputs ?? {}) as object)])];
}
