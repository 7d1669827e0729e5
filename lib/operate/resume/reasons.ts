/** Why a step runs again, in words for people; each names what a person can look at. */
import { contractVersion, digestOf } from '../../contract/fingerprint.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { FingerprintParts } from '../../contract/records.ts';
import type { StepFacts } from './definition-facts.ts';
import { differences, shortList } from './differences.ts';
import type { StepPast } from './step-past.ts';

/** A step as it would run now. */
export interface Present {
  readonly step: StepFacts;
  readonly input: JsonObject;
  /** Content digests of the dependencies whose result is known already; null for one that has none. */
  readonly known: ReadonlyMap<string, string | null>;
  readonly salt: string | undefined;
  /** Name of the handler's file, where it is known. */
  readonly file: string | null;
}

/** Whether a manifest made of these parts may be of the same fingerprint, as far as that is known. */
export function mayBeTheSame(present: Present, made: FingerprintParts): boolean {
  return changes(present, made).length === 0;
}

/** Why no manifest fits: how the step ended when it was tried last, or what is different now from when it last succeeded. */
export function reasonToRun(present: Present, { manifests, last, interrupted }: StepPast, asked: boolean): string {
  if (asked) return askedFor;
  if (interrupted) return 'interrupted before';
  const outcome = last?.outcome;
  if (last && outcome?.outcome === 'failed') {
    const since = changesSince(present, outcome.tried, last.execution.input);
    return ['failed before', ...since].join('; ');
  }
  if (outcome?.outcome === 'blocked') return `blocked before by ${shortList(outcome.causes)}`;
  const [latest] = manifests;
  return (latest && changes(present, latest.made_of).join('; ')) || 'not run before';
}

const askedFor = 'asked for with --from';

/** What is different from a manifest's parts. Dependencies whose result is not known yet are left out. */
function changes({ step, input, known, salt, file }: Present, made: FingerprintParts): string[] {
  const dependencies = Object.keys(made.upstream);
  const joined = [
    ...step.dependencies.filter((name) => !dependencies.includes(name)),
    ...dependencies.filter((name) => !step.dependencies.includes(name)),
  ];
  const upstream = dependencies.filter((name) => known.has(name) && known.get(name) !== made.upstream[name]);
  const config = differences(made.config, step.config as JsonObject);
  return [
    ...(made.contract === contractVersion ? [] : ['runtime changed']),
    ...(made.code === step.code ? [] : [codeChanged(file)]),
    ...(config.length > 0 ? [`configuration changed: ${shortList(config)}`] : []),
    ...inputChanged(made.input, digestsOf(input)),
    ...(joined.length > 0 ? [`dependencies changed: ${shortList(joined)}`] : []),
    ...(upstream.length > 0 ? [`upstream changed: ${shortList(upstream)}`] : []),
    ...(made.salt === salt ? [] : [askedFor]),
  ];
}

/** What is different from a failed try, of which less is known. */
function changesSince(
  { step, input, file }: Present,
  tried: { readonly code: string; readonly definition: string } | undefined,
  before: JsonObject,
): string[] {
  const configured = tried && tried.code === step.code && tried.definition !== step.definition;
  return [
    ...(tried && tried.code !== step.code ? [codeChanged(file)] : []),
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
