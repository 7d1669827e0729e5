import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import type { CommitFacts } from './commit-scenario.ts';
import type { World } from './explore.ts';
import type { Point } from './process.ts';

/** Folder of the execution: the second where the scenario has an earlier one, whose records are gone. */
const executionIn = (objects: ReadonlyMap<string, string>): string =>
  [...objects.keys()].map((key) => /^p\/runs\/r\/executions\/\d/.exec(key)?.[0]).find((one) => one !== undefined) ?? '';

/** The end of a run, in words: `failed`, or `succeeded by <invocation>`. */
export function endingOf({ objects }: World<CommitFacts>): string {
  const execution = executionIn(objects);
  const { outcome, manifest } = JSON.parse(objects.get(`${execution}/outcomes/a.json`) ?? '{}') as Outcome;
  const { invocation } = JSON.parse(objects.get(manifest ?? '') ?? '{}') as Partial<Manifest>;
  return invocation ? `${outcome} by ${invocation}` : outcome;
}

/** The properties of the commit protocol at the end of everything, zombies included; the first that does not hold, or null. */
export function checkCommit({ objects, processes, facts }: World<CommitFacts>): string | null {
  const read = <T>(key: string): T | null => JSON.parse(objects.get(key) ?? 'null') as T | null;
  const execution = executionIn(objects);
  const outcome = read<Outcome>(`${execution}/outcomes/a.json`);
  if (facts.state !== 'ended') return `the machine hangs in ${facts.state} ${facts.entry}`;
  if (!outcome) return 'a has no outcome';

  for (const [name, { point, crashed }] of processes) {
    if (crashed || !point.end || !/^(attempt|record)/.test(name)) continue;
    if (!obeys(point.end, outcome))
      return `${name} and the store do not agree on the outcome: ${JSON.stringify(point.end)}`;
  }

  const letters = [...objects.keys()].filter((key) => key.startsWith(`${execution}/dead-letters/`));
  const wanted = outcome.outcome === 'failed' ? [`${execution}/dead-letters/a.json`] : [];
  if (letters.join() !== wanted.join()) return `a ${outcome.outcome}, and the dead letters are: ${letters.join()}`;

  const end = read<{ status: string; failed: string[] }>(`${execution}/end.json`);
  const ended = outcome.outcome === 'failed' ? 'FAILED' : 'SUCCEEDED';
  if (end?.status !== ended) return `a ${outcome.outcome}, and the execution ended ${end?.status}`;

  const after = read<Outcome>(`${execution}/outcomes/b.json`);
  if (outcome.outcome === 'failed') return after?.outcome === 'blocked' ? null : `a failed, and b ${after?.outcome}`;
  return checkData(outcome, after, read);
}

/** True if an attempt's or record-failure's answer agrees with the settled outcome. */
function obeys(end: NonNullable<Point['end']>, { outcome, manifest }: Outcome): boolean {
  if ('error' in end) return end.error.name !== 'Settled' || outcome === 'failed';
  const told = end.value as { readonly outcome: string; readonly manifest?: string };
  return told.outcome === outcome && (told.manifest ?? manifest) === manifest;
}

/** The content of `a` is of one attempt, and `b` has read it. */
function checkData(outcome: Outcome, after: Outcome | null, read: <T>(key: string) => T | null): string | null {
  const manifest = read<Manifest>(outcome.manifest ?? '');
  if (!manifest) return 'a succeeded without a manifest';
  if (manifest.digest !== outcome.digest) return 'the outcome of a and its manifest are of two attempts';
  const made = manifest.invocation;
  if (manifest.result !== made || !Object.values(manifest.files).every(({ key }) => key.includes(`-${made}/`))) {
    return 'the manifest of a names data of two attempts';
  }
  const reader = read<Manifest>(after?.manifest ?? '');
  if (!reader) return `a succeeded, and b ${after?.outcome}`;
  if (reader.made_of.upstream.a !== outcome.digest) return 'b counts on another digest than that of a';
  if (JSON.stringify(reader.result) !== JSON.stringify([made, made, made])) {
    return `b has read ${JSON.stringify(reader.result)}, and a was made by ${made}`;
  }
  return null;
}
