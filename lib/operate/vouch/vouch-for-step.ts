/** A person vouches for a step of a run that has ended: the run's next execution reuses the given result as if the step had made it. */
import { nextKey, type RunRef } from '../../contract/object-keys.ts';
import type { Next, VouchedManifest } from '../../contract/records/next.ts';
import { checkResult } from '../../runtime/handler/check-result.ts';
import { contentDigest } from '../../runtime/manifests/manifest.ts';
import { readVouched } from '../../runtime/manifests/next-record.ts';
import { swapJson } from '../../runtime/records/swap-json.ts';
import { refusal } from './refusal.ts';
import { refuseWorking } from './refuse-working.ts';
import { settleLetters } from './settle-letters.ts';
import type { VouchOptions } from './vouch-options.ts';
import { vouchedManifest } from './vouched-manifest.ts';

/** A step that a person vouched for. */
export interface Vouched {
  readonly manifest: VouchedManifest;
  /** False: the same result was recorded before, by the person in the manifest. */
  readonly changed: boolean;
  /** Ids of the dead letters that it settles, the oldest first. */
  readonly settled: readonly string[];
}

/**
 * Records the result for the execution that follows the run's last one. Its fingerprint is of the code, the configuration, the input and the upstream results of now: after a change
 * of one of them the step runs, like a step that had succeeded. Throws a RunRefusedError if the run is working, if the step has a result, or if a dependency has none. The same
 * result again changes nothing, and finishes what a killed command left undone.
 */
export async function vouchForStep(run: RunRef, options: VouchOptions): Promise<Vouched> {
  const { store, history, spec } = options;
  const ref = { ...run, execution: history.length };
  await refuseWorking(run, options);
  const result = await checkResult(options.result, spec);
  const earlier = (await readVouched(store, ref)).find(({ step }) => step === spec.name);
  const manifest = earlier ?? (await vouchedManifest(run, { ...options, result }));
  if (contentDigest({ ...manifest, result }) !== manifest.digest)
    throw refusal(spec.name, run, `${manifest.vouched.by} has vouched for it with another result`);
  if (!earlier) await leave(manifest, options, ref);
  return { manifest, changed: !earlier, settled: await settleLetters(store, ref, spec.name) };
}

/** Leaves the manifest for the next execution, unless one has begun meanwhile. */
async function leave(
  manifest: VouchedManifest,
  { store }: VouchOptions,
  ref: RunRef & { readonly execution: number },
): Promise<void> {
  const reason = await swapJson<Next, string | null>(store, nextKey(ref), (now) => {
    const { vouched = [], taken_by = null } = now ?? {};
    if (taken_by !== null) return { answer: `${taken_by} has begun to follow execution ${ref.execution}` };
    const other = vouched.find(({ step }) => step === manifest.step);
    if (other) return { answer: `${other.vouched.by} vouched for it a moment ago` };
    return { write: { vouched: [...vouched, manifest], taken_by }, answer: null };
  });
  if (reason !== null) throw refusal(manifest.step, ref, reason);
}
