/** Reasons why a step runs again, in words for people. Each names a thing that a person can look at. */
import { contractVersion, definitionDigest, digestOf } from '../../contract/fingerprint.ts';
import type { JsonObject } from '../../contract/json.ts';
import { earlierStep } from '../../contract/partitions/window.ts';
import type { FingerprintParts } from '../../contract/records/manifest.ts';
import type { StepFacts } from './definition-facts.ts';
import { differences, shortList } from './differences.ts';
import type { StepPast } from './step-past.ts';

/** A step as it would run now. */
export interface Present {
  readonly step: StepFacts;
  readonly input: JsonObject;
  /** Content digests of the dependencies whose result is already known; null for a dependency without one. */
  readonly known: ReadonlyMap<string, string | null>;
  readonly salt: string | undefined;
  /** Name of the handler's file, if known. */
  readonly file: string | null;
}

/** True if a manifest made of these parts may have the same fingerprint, as far as that is known. */
export function mayBeTheSame(present: Present, made: FingerprintParts): boolean {
  return changes(present, made).length === 0;
}

/** The reason why no manifest fits: the end of the step at its last try, or the changes since it last succeeded. */
export function reasonToRun(present: Present, { manifests, last, interrupted }: StepPast, asked: boolean): string {
  if (asked) return askedFor;
  if (interrupted) return 'interrupted before';
  const outcome = last?.outcome;
  const [latest] = manifests;
  if (latest?.vouched && latest.execution === last?.execution.execution) {
    const since = changes(present, latest.made_of);
    if (since.length > 0) return `${since.join('; ')} since ${latest.vouched.by} vouched for it`;
  }
  if (last && outcome?.outcome === 'failed') {
    const since = changesSince(present, outcome.tried, last.execution.input);
    return ['failed before', ...since].join('; ');
  }
  if (outcome?.outcome === 'blocked') return `blocked before by ${shortList(outcome.causes)}`;
  return (latest && changes(present, latest.made_of).join('; ')) || 'not run before';
}

export const askedFor = 'asked for with --from';

/** The changes since a manifest was made. Leaves out dependencies whose result is not known yet. */
function changes({ step, input, known, salt, file }: Present, made: FingerprintParts): string[] {
  const dependencies = Object.keys(made.upstream);
  const before = dependencies.filter((name) => name !== earlierStep);
  const joined = [
    ...step.dependencies.filter((name) => !before.includes(name)),
    ...before.filter((name) => !step.dependencies.includes(name)),
  ];
  const upstream = dependencies.filter((name) => known.has(name) && known.get(name) !== made.upstream[name]);
  return [
    ...(made.contract === contractVersion ? [] : ['runtime changed']),
    ...(isSameCode(made.code, step) ? [] : [codeChanged(file)]),
    ...configChanged(step, made),
    ...inputChanged(made.input, digestsOf(input)),
    ...(joined.length > 0 ? [`dependencies changed: ${shortList(joined)}`] : []),
    ...(upstream.length > 0 ? [`upstream changed: ${shortList(upstream)}`] : []),
    ...(made.salt === salt ? [] : [askedFor]),
  ];
}

/** Compares by prefix: the definition may have only the first characters of the code's digest. */
const isSameCode = (code: string, step: StepFacts): boolean => code.startsWith(step.code);

/** Changed paths of the configuration. If only a digest is known, reports just that it has changed, and nothing if the code has changed too. */
function configChanged(step: StepFacts, made: FingerprintParts): string[] {
  if (step.config === null) {
    const known = isSameCode(made.code, step) && made.contract === contractVersion;
    return known && definitionDigest(made.code, made.config) !== step.definition ? ['configuration changed'] : [];
  }
  const paths = differences(made.config, step.config as JsonObject);
  return paths.length > 0 ? [`configuration changed: ${shortList(paths)}`] : [];
}

/** The changes since a failed attempt; its record has fewer parts than a manifest. */
function changesSince(
  { step, input, file }: Present,
  tried: { readonly code: string; readonly definition: string } | undefined,
  before: JsonObject,
): string[] {
  const same = tried !== undefined && isSameCode(tried.code, step);
  const configured = same && tried.definition !== step.definition;
  return [
    ...(tried && !same ? [codeChanged(file)] : []),
    ...(configured ? ['configuration changed'] : []),
    ...inputChanged(digestsOf(before), digestsOf(input)),
  ];
}

const codeChanged = (file: string | null): string => (file === null ? 'code changed' : `code changed: ${file}`);

function inputChanged(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): string[] {
  const keys = differences({ ...before }, { ...now });
  return keys.length > 0 ? [`input changed: ${shortList(keys)}`] : [];
}

const digestsOf = (input: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(input).map(([key, value]) => [key, digestOf(value)]));
