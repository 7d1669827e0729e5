/** One digest for one destination, although several pipelines have something for it. Their functions add to it for some minutes; then one of them sends it for all. */
import { sharedDigestsKey } from '../../contract/object-keys.ts';
import type { DigestLine, SharedDigest, SharedDigests } from '../../contract/records/alert-state.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { swapJson } from '../../runtime/records/swap-json.ts';

/** An invocation that died before the digest was taken holds the others up so long. */
const claimMs = 120_000;

/** A digest that was sent is kept so long, so that each pipeline learns of it. */
const keptMs = 24 * 3_600_000;

/** A digest names 20 incidents and counts the rest, so more lines serve no one. */
const mostLines = 500;

export interface DigestPlace {
  readonly store: ObjectStore;
  /** Name of the destination. */
  readonly destination: string;
  readonly pipeline: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The part of a pipeline in a digest: it waits for others, sends for all, or finds its lines sent. */
export type DigestPart =
  | { readonly role: 'gather' }
  | { readonly role: 'send'; readonly lines: readonly [DigestLine, ...DigestLine[]] }
  | { readonly role: 'sent'; readonly thread: string | null };

/** Adds lines of a pipeline to the digest of a destination. Lines that it has count once. */
export function joinDigest(
  own: readonly [DigestLine, ...DigestLine[]],
  gatherMs: number,
  { store, destination, pipeline, now }: DigestPlace,
): Promise<DigestPart> {
  return swapJson<SharedDigests, DigestPart>(store, sharedDigestsKey, (found) => {
    const digests = (found?.digests ?? []).filter(({ told_at }) => told_at === null || now - told_at < keptMs);
    const sent = digests.filter((one) => one.destination === destination && one.told_at !== null);
    const has = ({ lines }: SharedDigest, line: DigestLine): boolean => lines.some((one) => one.key === line.key);
    const fresh = own.filter((line) => !sent.some((digest) => has(digest, line)));
    const [first, ...others] = fresh;
    if (!first) return { answer: { role: 'sent', thread: sent.at(-1)?.thread ?? null } };
    const open = digests.find((one) => one.destination === destination && one.told_at === null);
    const digest = open ?? {
      destination,
      send_at: now + gatherMs,
      lines: [],
      claim: null,
      told_at: null,
      thread: null,
    };
    const lines = [...digest.lines, ...[first, ...others].filter((line) => !has(digest, line))].slice(0, mostLines);
    const isHeld = digest.claim !== null && digest.claim.by !== pipeline && digest.claim.until > now;
    const isMine = now >= digest.send_at && !isHeld;
    const next = { ...digest, lines, ...(isMine && { claim: { by: pipeline, until: now + claimMs } }) };
    const all = open ? digests.map((one) => (one === open ? next : one)) : [...digests, next];
    const [line = first, ...more] = lines;
    const answer: DigestPart = isMine ? { role: 'send', lines: [line, ...more] } : { role: 'gather' };
    return { write: { digests: all }, answer };
  });
}

/** Notes that the destination has taken the digest. Lines that came meanwhile begin the next one. */
export async function digestSent(
  lines: readonly DigestLine[],
  thread: string | null,
  { store, destination, now }: DigestPlace,
): Promise<void> {
  await swapJson<SharedDigests, null>(store, sharedDigestsKey, (found) => {
    const digests = found?.digests ?? [];
    const open = digests.find((one) => one.destination === destination && one.told_at === null);
    if (!open) return { answer: null };
    const told = { ...open, lines: [...lines], claim: null, told_at: now, thread };
    const late = open.lines.filter(({ key }) => !lines.some((line) => line.key === key));
    const next = late.length > 0 ? [{ ...open, lines: late, claim: null }] : [];
    return { write: { digests: digests.flatMap((one) => (one === open ? [told, ...next] : [one])) }, answer: null };
  });
}
