import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidInputError, PermanentError } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { StepSpec } from '../contract/step-spec.ts';
import { decidePartition } from '../input/partitions/decide-partition.ts';
import type { Partition } from '../input/partitions/partition.ts';
import type { StepHandler } from '../runtime/define-step.ts';
import type { Columns, StepFunction } from '../runtime/step.ts';
import type { Given } from './given.ts';
import type { TemplateStep } from './template-step.ts';

/** A step that can be run: of a template, or of a handler alone. */
export interface TestedStep {
  readonly pipeline: string;
  readonly spec: StepSpec;
  readonly handler: StepFunction;
  readonly input: JsonObject;
  /** The partition that the input names; null where a template has none. */
  readonly partition: Partition | null;
  /** Names of the secrets that may be read; null where no template says. */
  readonly secrets: readonly string[] | null;
  /** Columns of a dataset of a dependency; null where only a run knows them. */
  columns(step: string, dataset: string): Columns | null;
}

type AnyHandler = Pick<StepHandler<never, never>, 'stepFunction' | 'steps'>;

/** Finds the step of a test by its name, or by its handler. */
export async function testedStep(subject: string | AnyHandler, given: Given): Promise<TestedStep> {
  const name = typeof subject === 'string' ? subject : (given.step ?? onlyName(subject.steps));
  if (name === null) return handlerAlone(subject as AnyHandler, given);
  // The compiler is loaded for templates only.
  const { templateStep } = await import('./template-step.ts');
  const found = await templateStep(name, given);
  const handler =
    typeof subject === 'string' ? await loadHandler(found, given) : (subject.stepFunction as StepFunction);
  const { spec } = found;
  const config =
    given.config === undefined ? spec.config : { ...spec.config, initialization: asJson(given.config) as JsonObject };
  return {
    pipeline: found.pipeline,
    spec: { ...spec, config },
    handler,
    ...(await checkedInput(found, given.input ?? {})),
    secrets: found.secrets,
    columns: found.columns,
  };
}

function onlyName(names: readonly string[] | null | undefined): string | null {
  if (!names) return null;
  const [name, ...more] = names;
  if (name !== undefined && more.length === 0) return name;
  throw new TypeError(`this handler is of ${names.join(' and ')}; say which of them is tested: { step: '${name}' }`);
}

function handlerAlone({ stepFunction }: AnyHandler, given: Given): TestedStep {
  const { upstream = {}, config = {}, outputs, resultSchema } = given;
  return {
    pipeline: 'test',
    spec: {
      name: 'tested',
      dependencies: Object.keys(upstream).sort(),
      trigger_rule: Object.values(upstream).some((one) => typeof one === 'string') ? 'all_done' : 'all_success',
      severity: 'medium',
      marks: true,
      definition: digest('definition'),
      code: digest('code'),
      config: { initialization: asJson(config) as JsonObject, ...(outputs && { outputs: asJson(outputs) }) },
      ...(resultSchema !== undefined && { result_schema: resultSchema }),
      budgets: { step: 3, time_out: 3, platform: 6 },
      delays: { backoff: 'exponential', initial_seconds: 1, longest_seconds: 30, jitter: false },
    },
    handler: stepFunction as StepFunction,
    input: asJson(given.input ?? {}) as JsonObject,
    partition: null,
    secrets: null,
    columns: () => null,
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A value as it is after its way through a template or an execution's input. */
const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** The input with its defaults, as Prepare would hand it on. */
async function checkedInput(
  { pipeline, inputSchema, partition: rule }: TemplateStep,
  given: object,
): Promise<Pick<TestedStep, 'input' | 'partition'>> {
  const input = asJson(given) as JsonObject;
  const violations: string[] = [];
  const decided = rule && decidePartition(input, rule, { run: null, scheduledTime: null, now: null });
  if (decided && 'violation' in decided) violations.push(decided.violation);
  if (inputSchema !== null) {
    const { violationsOf } = await import('../input/json-schema.ts');
    violations.push(...violationsOf(inputSchema, input));
  }
  if (violations.length > 0) throw new InvalidInputError(`the input of the test does not fit ${pipeline}`, violations);
  return { input, partition: decided && 'partition' in decided ? decided.partition : null };
}

/** The work of a step that is tested by its name: its queries, or the handler in the project. */
async function loadHandler({ pipeline, spec, work }: TemplateStep, { root = '.' }: Given): Promise<StepFunction> {
  if (work.kind === 'sql') {
    const { runSql } = await import('../runtime/attempt/run-sql.ts');
    return runSql(work.queries) as StepFunction;
  }
  const file = resolve(root, work.entry);
  const module = await importHandler(file, `${pipeline}.${spec.name}`);
  const found = module[work.export]?.stepFunction;
  if (typeof found === 'function') return found as StepFunction;
  throw new PermanentError(
    `"${work.export}" of ${work.entry} is not made by defineStep, so step "${spec.name}" cannot be tested`,
  );
}

type HandlerModule = Record<string, Partial<StepHandler> | undefined>;

/** Node loads the file as it is, and not each project is written for that. */
async function importHandler(file: string, step: string): Promise<HandlerModule> {
  try {
    return (await import(pathToFileURL(file).href)) as HandlerModule;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(
      `Node cannot load the handler of "${step}": ${reason}; import the handler in the test and pass it: stepTest(handler, { step: '${step}' })`,
      { cause: error },
    );
  }
}
