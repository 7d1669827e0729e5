import type { JsonObject } from '../../contract/json.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import { type Assessment, assess, type StepDecision } from '../../operate/resume/assess.ts';
import { machineFacts } from '../../operate/resume/definition-facts.ts';
import { askedFor } from '../../operate/resume/reasons.ts';
import { readRun } from '../../operate/runs/read-run.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import { findDamage, findLoss } from '../../runtime/manifests/find-damage.ts';
import { secretVariable } from '../../runtime/secrets/secrets.ts';
import type { Context } from '../context.ts';
import { fileOf } from '../resume/resume-here.ts';
import { dataToResume } from '../typed/data-option.ts';
import { type Place, pipelineIn } from '../typed/place.ts';
import { UsageError } from '../typed/usage-error.ts';
import { loadRunnable } from '../watch/run-watched.ts';
import { originalRun, trialFolder } from './original-run.ts';
import { startTrial } from './start-trial.ts';
import { typedSteps } from './typed-steps.ts';

/** The parsed arguments of `fork`. */
export interface TypedFork {
  readonly wanted: string;
  readonly runId: string;
  /** The place of the original run. */
  readonly place: Place;
  /** Folder of the fork's store; null: as `trialFolder` says. */
  readonly into: string | null;
  /** Null: that of the original run. */
  readonly input: JsonObject | null;
  /** As typed: steps that run although nothing has changed. */
  readonly steps: readonly string[];
  /** Value of `--data`. */
  readonly data: string | null;
  /** True if `step.once` and the sinks may send. */
  readonly sends: boolean;
  readonly inspect: boolean;
}

/** A planned fork. `start` makes it, runs it, and waits for its end. */
export interface PreparedFork {
  readonly original: RunReport;
  readonly storeFolder: string;
  readonly assessment: Assessment;
  readonly from: readonly string[];
  /** Steps of the original run that the template no longer has. */
  readonly gone: readonly string[];
  /** Declared secrets of the steps that run for which this process has no value: variable by step. */
  readonly missingSecrets: readonly { readonly step: string; readonly variable: string }[];
  readonly start: () => Promise<RunReport>;
}

/** Plans a fork, by the rules of a resume: a step whose code, configuration, input or upstream differs runs, and so does one whose data is gone. Reads alone; `start` writes, to the fork's folder only. */
export async function prepareFork(typed: TypedFork, context: Context): Promise<PreparedFork> {
  const { place, sends, inspect } = typed;
  const { name } = await pipelineIn(place, typed.wanted, context);
  const run: RunRef = { pipeline: name, run_id: typed.runId };
  const original = await originalRun(run, place);
  const { history, remembered } = original;
  const storeFolder = trialFolder(typed.into, place, context);
  const environment = context.environment ?? remembered?.environment ?? null;
  const pipeline = await loadRunnable(typed.wanted, context, environment);
  const steps = pipeline.plan.steps.map((step) => step.name);
  const from = typedSteps('--steps', typed.steps, { pipeline: name, steps });
  const facts = machineFacts(pipeline.machine);
  // From afar only presence and size, as for a resume there: the steps that read the data check every byte.
  const check = place.store.url.startsWith('file:') ? findDamage : findLoss;
  const asking = { store: place.store, facts, history, input: typed.input, from, check, fileOf: fileOf(pipeline) };
  const assessed = await assess(run, asking);
  const assessment = { ...assessed, steps: assessed.steps.map((one) => askedHere(one, from)) };
  const report = await readRun(place.store, { name, steps: [] }, run.run_id, place.executions);
  if (!report) throw new UsageError(`run ${run.run_id} has no record that can be read in ${place.store.url}`);
  const data = await dataToResume(typed.data, remembered?.data ?? null, { setup: pipeline.plan.localSetup, context });
  const runs = new Set(assessment.steps.flatMap(({ step, decision }) => (decision === 'reuse' ? [] : [step])));
  const missingSecrets = pipeline.plan.steps.flatMap((step) =>
    runs.has(step.name)
      ? Object.keys(step.secrets).map((secret) => ({ step: step.name, variable: secretVariable(secret) }))
      : [],
  );
  return {
    original: report,
    storeFolder,
    assessment,
    from,
    gone: report.steps.map(({ step }) => step).filter((step) => !steps.includes(step)),
    missingSecrets: missingSecrets.filter(({ variable }) => context.io.env[variable] === undefined),
    start: () =>
      startTrial(
        {
          pipeline,
          kind: 'fork',
          storeFolder,
          original,
          trial: { of: run.run_id, ...(sends && { sends }) },
          taken: null,
          input: typed.input,
          from,
          data,
          environment,
          ...(inspect && { inspect: from.length > 0 ? from : null }),
        },
        context,
      ),
  };
}

/** A resume has another option for it. */
const askedHere = (decision: StepDecision, from: readonly string[]): StepDecision =>
  from.includes(decision.step) && decision.reason === askedFor
    ? { ...decision, reason: 'asked for with --steps' }
    : decision;
