import { errorNames, neverRetried } from '../contract/error-names.ts';
import { PermanentError, ValidationError } from '../contract/errors.ts';
import type { Json } from '../contract/json.ts';
import type { Manifest } from '../contract/records/manifest.ts';
import type { StepHandler } from '../runtime/define-step.ts';
import { awaitStragglers } from '../runtime/handler/await-stragglers.ts';
import type { AsJson, PipelineSteps, StepName } from '../runtime/pipeline-types.ts';
import { Redactor } from '../runtime/secrets/redactor.ts';
import type { Given, GivenOf, LogEntry, StepFailure, StepRun } from './given.ts';
import { Observation } from './observed-step.ts';
import { TestWorld } from './test-world.ts';
import { type TestedStep, testedStep } from './tested-step.ts';

type Part<Name, Key extends string, Otherwise> = Name extends keyof PipelineSteps
  ? Key extends keyof PipelineSteps[Name]
    ? PipelineSteps[Name][Key]
    : Otherwise
  : Otherwise;

/**
 * Runs one attempt of a step, without AWS and without a store outside of memory: a handler, or the step that a name says (`orders.revenue`), which may be SQL. The runtime, the checks and the data
 * are those of a pipeline. Returns what the step committed. Rejects with the error that the handler threw, or with the error of a check.
 */
export function stepTest<const Name extends StepName>(
  step: Name,
  given?: GivenOf<Name>,
): Promise<StepRun<Part<Name, 'result', Json>, Part<Name, 'outputs', Record<string, unknown>>>>;
export function stepTest<Input, Config, Result>(
  handler: StepHandler<Input, Config, Result>,
  given?: Given<Partial<Input>, Config>,
): Promise<StepRun<unknown extends Result ? Json : AsJson<Awaited<Result>>>>;
export async function stepTest(subject: string | StepHandler, given: Given = {}): Promise<StepRun> {
  const ended = await attemptOf(subject, given);
  if ('error' in ended) throw ended.error;
  return ended;
}

/** The same for an attempt that has to fail: returns its error and what would follow from it. Rejects if the attempt succeeds. */
export function stepFailure<const Name extends StepName>(step: Name, given?: GivenOf<Name>): Promise<StepFailure>;
export function stepFailure<Input, Config, Result>(
  handler: StepHandler<Input, Config, Result>,
  given?: Given<Partial<Input>, Config>,
): Promise<StepFailure>;
export async function stepFailure(subject: string | StepHandler, given: Given = {}): Promise<StepFailure> {
  const ended = await attemptOf(subject, given);
  if ('error' in ended) return ended;
  throw new Error(`the step succeeded, but the test expects a failure; its result is ${JSON.stringify(ended.result)}`);
}

/** Runs one attempt, and tells how it ended. Rejects if what is given does not fit the step. */
export async function attemptOf(subject: string | StepHandler, given: Given): Promise<StepRun | StepFailure> {
  const tested = await testedStep(subject as Parameters<typeof testedStep>[0], given);
  const world = new TestWorld(tested, given);
  await world.furnish(given);
  const observed = new Observation();
  const handler = awaitStragglers(observed.around(tested.handler, given));
  const number = given.attempt ?? 1;
  let manifest: Manifest;
  try {
    const { writeLine } = observed;
    manifest = await world.attempt(handler, number, {
      writeLine,
      redactor: new Redactor(),
      secrets: secretsOf(tested, given),
    });
  } catch (error) {
    return failureOf(error, { observed, isLast: number >= tested.spec.budgets.step });
  }
  return { ...observed.traces, ...(await contentOf(manifest, world, tested.spec.name)) };
}

const secretsOf = ({ secrets: declared }: TestedStep, { secrets = {} }: Given) => ({
  read: async (name: string): Promise<string> => {
    const value = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (declared !== null && !declared.includes(name)) {
      const known = declared.join(', ') || 'none';
      throw new PermanentError(`the secret "${name}" is not declared under the step's "secrets"; declared: ${known}`);
    }
    if (value !== undefined) return value;
    throw new PermanentError(
      `the test gives no secret "${name}"; add it: { secrets: { ${JSON.stringify(name)}: '...' } }`,
    );
  },
});

function failureOf(
  error: unknown,
  { observed, isLast }: { readonly observed: Observation; readonly isLast: boolean },
): StepFailure {
  const last = observed.traces.logs.findLast(({ message }) => message === 'the attempt failed');
  const thrown = observed.thrown ? asError(observed.thrown.error) : checkError(asError(error), last);
  const name = String(last?.error ?? thrown.name);
  const retryAfter = 'retryAfter' in thrown && typeof thrown.retryAfter === 'number' ? thrown.retryAfter : null;
  return {
    ...observed.traces,
    error: thrown,
    name,
    message: String(last?.cause ?? thrown.message),
    isRetried: !isLast && !neverRetried.some((one) => one === name),
    retryAfter,
  };
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** The error of a check, in the class that its name says: the runtime hands on a name and a text. */
function checkError(error: Error, last: LogEntry | undefined): Error {
  const message = String(last?.cause ?? error.message);
  const name = String(last?.error ?? error.name);
  if (name === errorNames.validation) return new ValidationError(message, [], { cause: error });
  return name === errorNames.permanent ? new PermanentError(message, { cause: error }) : error;
}

/** Everything that a manifest names, as a step below reads it. */
async function contentOf({ result, datasets, files, watermarks = [] }: Manifest, world: TestWorld, step: string) {
  const rows = new Map<string, Record<string, unknown>[]>();
  const bytes: Record<string, Buffer> = {};
  await world.look(async (below) => {
    for (const name of Object.keys(datasets)) {
      const all: Record<string, unknown>[] = [];
      for await (const batch of below.rows(`${step}.${name}`)) all.push(...batch);
      rows.set(name, all);
    }
    for (const name of Object.keys(files)) bytes[name] = await below.readFile(step, name);
  });
  const written = (name: string) => {
    const found = rows.get(name);
    if (found) return { rows: found, columns: datasets[name]?.columns ?? {} };
    throw new TypeError(`the step wrote no dataset "${name}"; it wrote ${[...rows.keys()].join(', ') || 'none'}`);
  };
  return {
    result,
    datasets: Object.keys(datasets),
    files: bytes,
    watermarks: Object.fromEntries(watermarks.flatMap(({ name, next }) => (next === undefined ? [] : [[name, next]]))),
    rows: (name: string) => written(name).rows,
    columns: (name: string) => written(name).columns,
  };
}
