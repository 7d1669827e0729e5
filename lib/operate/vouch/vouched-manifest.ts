import { manifestKey, type RunRef } from '../../contract/object-keys.ts';
import type { VouchedManifest } from '../../contract/records/next.ts';
import { contentDigest } from '../../runtime/manifests/manifest.ts';
import { sealed } from '../../runtime/records/seal.ts';
import { fingerprintParts, stepFingerprint } from '../../runtime/records/step-fingerprint.ts';
import { assess } from '../resume/assess.ts';
import type { RunRefusedError } from '../runs/run-refused-error.ts';
import { refusal } from './refusal.ts';
import type { VouchOptions } from './vouch-options.ts';

/** The manifest that the step would commit in a resume of now, with the result of a person. Throws a RunRefusedError if a resume would reuse the step, or if its dependencies are not known. */
export async function vouchedManifest(run: RunRef, options: VouchOptions): Promise<VouchedManifest> {
  const { store, facts, history, spec, result, vouching } = options;
  const refused = (reason: string): RunRefusedError => refusal(spec.name, run, reason);
  const step = facts.steps.find(({ name }) => name === spec.name);
  if (step?.definition !== spec.definition) throw new Error(`step ${spec.name} is not the one of the definition`);
  const assessed = await assess(run, { ...options, input: null, from: [], fileOf: () => null });
  const own = assessed.reused.get(spec.name);
  if (own) throw refused(`it succeeded in execution ${own.execution}, and a resume reuses its result`);
  const open = step.dependencies.filter((name) => !assessed.reused.has(name));
  if (open.length > 0)
    throw refused(
      `it depends on ${open.join(', ')}, without a result that a resume would reuse; mark ${open.length > 1 ? 'them' : 'that'} first, or resume`,
    );
  const upstream = new Map([...assessed.reused].filter(([name]) => step.dependencies.includes(name)));
  const fingerprint = stepFingerprint(assessed, spec, assessed.input, upstream);
  if (await store.get(manifestKey(run, spec.name, fingerprint)))
    throw refused('it succeeded, and its data is damaged or missing; a resume makes it again');
  const made = { result, datasets: {}, files: {} };
  return sealed({
    format: 1 as const,
    ...{ pipeline: run.pipeline, run_id: run.run_id, step: spec.name },
    fingerprint,
    made_of: fingerprintParts(assessed, spec, assessed.input, upstream),
    execution: history.length,
    attempt: 0,
    invocation: 'operator',
    started_at: vouching.at,
    committed_at: vouching.at,
    ...made,
    digest: contentDigest(made),
    vouched: vouching,
  });
}
