/** Decides what a resume of a run would do, step by step, and why. It reads the definition and the store and starts nothing. */
import { fingerprintOf } from '../../contract/fingerprint.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import { earlierStep } from '../../contract/partitions/window.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { VouchedManifest } from '../../contract/records/next.ts';
import type { Trial } from '../../contract/records/run.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { saltsOf } from '../../runtime/execution/handed-on.ts';
import { inputOf } from '../../runtime/execution/prepare.ts';
import { runIdentity } from '../../runtime/execution/run-identity.ts';
import type { CheckManifest, Damage } from '../../runtime/manifests/find-damage.ts';
import { readVouched } from '../../runtime/manifests/next-record.ts';
import { type Found, findCommitted } from '../../runtime/manifests/reusable-manifest.ts';
import { readWindow } from '../../runtime/partitions/read-window.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import type { DefinitionFacts, StepFacts } from './definition-facts.ts';
import { mayBeTheSame, type Present, reasonToRun } from './reasons.ts';
import { readStepPast, type StepPast } from './step-past.ts';

/** `may_run`: the step runs if a dependency that runs again comes to another result; otherwise it is reused. `leave_out`: the run is one of other steps only. */
export type ResumeAction = 'reuse' | 'run' | 'may_run' | 'leave_out';

export interface StepDecision {
  readonly step: string;
  readonly decision: ResumeAction;
  readonly reason: string;
}

export interface AssessOptions {
  readonly store: ObjectStore;
  /** Facts of the machine that would run. */
  readonly facts: DefinitionFacts;
  /** The run's executions so far, in order. */
  readonly history: readonly ExecutionRecord[];
  /** A new input, or null: the run keeps its input. */
  readonly input: JsonObject | null;
  /** Steps that run again in any case. */
  readonly from: readonly string[];
  /** The way in which data is verified: `findDamage`, as in the runtime, or `findLoss`. */
  readonly check: CheckManifest;
  /** Name of a step's handler file, or null. */
  readonly fileOf: (step: string) => string | null;
}

export interface Assessment {
  /** The input of the resume. */
  readonly input: JsonObject;
  /** In topological order. */
  readonly steps: readonly StepDecision[];
  /** By step that would be reused: its manifest, which may be one that a person left for the next execution. */
  readonly reused: ReadonlyMap<string, Manifest>;
  readonly salts: Readonly<Record<string, string>>;
}

/** Concurrent requests while the past of the steps is read. */
const width = 16;

/** Decides for every step by the runtime's own rules. Throws an InvalidInputError if an input does not fit. */
export async function assess(run: RunRef, options: AssessOptions): Promise<Assessment> {
  const { store, history } = options;
  const { pipeline, steps } = options.facts;
  const given = { ...options.input, daybreak: { run_id: run.run_id, from: [...options.from] } };
  const input = await inputOf(runIdentity(run.pipeline, run.run_id, given), history, { pipeline, store });
  const { salts = {} } = saltsOf(history, options.from);
  const vouched = history.length > 0 ? await readVouched(store, { ...run, execution: history.length }) : [];
  const pasts = await eachOf(steps, width, ({ name }) => readStepPast(store, run, { step: name, history, vouched }));
  const known = new Map<string, string | null>();
  const reused = new Map<string, Manifest>();
  const decided: StepDecision[] = [];
  for (const [index, step] of steps.entries()) {
    const present = {
      step,
      input,
      known: new Map([...knownOf(step, known), ...(await earlierOf(store, pipeline, { step, input }))]),
      salt: salts[step.name],
      file: options.fileOf(step.name),
    };
    const verdict = await decideStep(present, { past: pasts[index] as StepPast, run, options, vouched });
    if (verdict.reused) {
      known.set(step.name, verdict.reused.digest);
      reused.set(step.name, verdict.reused);
    }
    if (verdict.decision === 'leave_out') known.set(step.name, null);
    decided.push({ step: step.name, decision: verdict.decision, reason: verdict.reason });
  }
  return { input, steps: decided, reused, salts };
}

/** The digest of the earlier partitions that a step would read now; none if they cannot be read. */
async function earlierOf(
  store: ObjectStore,
  { name, partition }: DefinitionFacts['pipeline'],
  { step, input }: { readonly step: StepFacts; readonly input: JsonObject },
): Promise<[string, string | null][]> {
  const own = partition && input[partition.key];
  if (!step.needs || typeof own !== 'string') return [];
  const read = await readWindow(store, name, { window: step.needs, partition: own }).catch(() => null);
  return read ? [[earlierStep, read.digest]] : [];
}

const knownOf = ({ dependencies }: StepFacts, known: ReadonlyMap<string, string | null>): Present['known'] =>
  new Map([...known].filter(([name]) => dependencies.includes(name)));

type Verdict = Pick<StepDecision, 'decision' | 'reason'> & { readonly reused?: Manifest };

interface Asking {
  readonly past: StepPast;
  readonly run: RunRef;
  readonly options: AssessOptions;
  /** Manifests that the next execution would take over. */
  readonly vouched: readonly VouchedManifest[];
}

async function decideStep(present: Present, { past, run, options, vouched }: Asking): Promise<Verdict> {
  const { step, input, known, salt } = present;
  const trial = options.history.at(-1)?.trial;
  if (trial?.only && !trial.only.includes(step.name)) return leftOut(trial, past);
  const open = step.dependencies.filter((name) => !known.has(name));
  const asked = options.from.includes(step.name);
  if (open.length > 0) {
    const usable = await firstUsable(present, past, options);
    if (usable === 'none') return { decision: 'run', reason: reasonToRun(present, past, asked) };
    if (usable !== null) return { decision: 'run', reason: damaged(usable) };
    return { decision: 'may_run', reason: `depends on ${open.join(', ')}` };
  }
  const fingerprint = fingerprintOf(step.definition, input, Object.fromEntries(known), salt);
  // No execution has the number 0, so every manifest found is of an earlier one and is checked.
  const { store, check } = options;
  const committed = await findCommitted(store, { ...run, execution: 0 }, { step: step.name, fingerprint }, check);
  const left = vouched.find((one) => one.step === step.name && one.fingerprint === fingerprint);
  const found: Found | null = committed ?? (left ? { manifest: left } : null);
  if (!found) return { decision: 'run', reason: reasonToRun(present, past, asked) };
  if ('overtaken' in found) return { decision: 'run', reason: `execution ${found.overtaken} loaded other rows since` };
  if ('manifest' in found) return { decision: 'reuse', reason: reasonToReuse(found.manifest), reused: found.manifest };
  return { decision: 'run', reason: damaged(found.broken) };
}

/** The runtime takes the only result that the run has of such a step. */
function leftOut({ of }: Trial, { manifests: [taken] }: StepPast): Verdict {
  if (!taken) return { decision: 'leave_out', reason: 'not asked for with --only' };
  return { decision: 'reuse', reason: `taken from run ${of}`, reused: taken };
}

/**
 * Null: a manifest exists that is reused if the open dependencies come to the same results. `none`: no manifest fits. Otherwise: the damage of the first
 * manifest that fits.
 */
async function firstUsable(
  present: Present,
  { manifests }: StepPast,
  { store, check }: AssessOptions,
): Promise<Damage | null | 'none'> {
  let first: Damage | 'none' = 'none';
  for (const manifest of manifests.filter(({ made_of }) => mayBeTheSame(present, made_of))) {
    const damage = await check(store, manifest);
    if (!damage) return null;
    if (first === 'none') first = damage;
  }
  return first;
}

const reasonToReuse = ({ vouched }: Manifest): string => (vouched ? `vouched for by ${vouched.by}` : 'reused');

const damaged = ({ kind, what }: Damage): string => `data ${kind}: ${what}`;
