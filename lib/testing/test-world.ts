import { randomUUID } from 'node:crypto';
import { markReadKey, onceKey, sourcesPrefix } from '../contract/object-keys.ts';
import type { RunContext } from '../contract/payloads.ts';
import type { Manifest } from '../contract/records/manifest.ts';
import type { StepSpec } from '../contract/step-spec.ts';
import { MemoryObjectStore } from '../ports/memory/memory-object-store.ts';
import { MemoryTaskTokens } from '../ports/memory/memory-task-tokens.ts';
import { SystemClock } from '../ports/system-clock.ts';
import { runStep } from '../runtime/attempt/run-step.ts';
import type { Invocation } from '../runtime/invocation.ts';
import { readManifest } from '../runtime/manifests/manifest.ts';
import { countAttempt } from '../runtime/records/attempts.ts';
import { blocked, failed, skipped } from '../runtime/records/outcomes.ts';
import { settle } from '../runtime/records/settle.ts';
import type { Columns, StepFunction } from '../runtime/step.ts';
import type { Given, GivenDataset, GivenStep } from './given.ts';
import type { TestedStep } from './tested-step.ts';

/** The partition that the test gives, or that its input names. */
function partitionOf({ partition }: TestedStep, { run }: Given): Pick<RunContext, 'partition'> {
  const found = run?.partition ?? partition;
  return found ? { partition: { ...found } } : {};
}

/** A store in memory with what a step finds, and the deployed runtime on it. */
export class TestWorld {
  readonly store = new MemoryObjectStore();
  readonly #ports = { store: this.store, tokens: new MemoryTaskTokens(() => false), clock: new SystemClock() };
  readonly #tested: TestedStep;
  readonly #run: RunContext;

  constructor(tested: TestedStep, given: Given) {
    this.#tested = tested;
    const started = given.run?.started_at ?? new Date(this.#ports.clock.now()).toISOString();
    this.#run = {
      pipeline: tested.pipeline,
      run_id: given.run?.run_id ?? 'test-run',
      execution: given.run?.execution ?? 1,
      execution_arn: 'arn:test',
      redrive_count: 0,
      started_at: started,
      scheduled_time: given.run?.scheduled_time ?? null,
      ...partitionOf(tested, given),
      input: tested.input,
    };
  }

  /** Puts everything there that the test gives. */
  async furnish({ upstream = {}, sources = {}, done = [], watermarks = {}, attempt = 1 }: Given): Promise<void> {
    const { spec } = this.#tested;
    for (const [key, body] of Object.entries(sources))
      await this.store.put(`${sourcesPrefix}${key.replace(sourcesPrefix, '')}`, body);
    for (const key of done) await this.store.put(onceKey(this.#run, spec.name, key), JSON.stringify({ key }));
    for (const [name, value] of Object.entries(watermarks)) {
      const mark = { name, value, read_at: this.#run.started_at, execution: 1 };
      await this.store.put(markReadKey(this.#run, spec.name, name), JSON.stringify(mark));
    }
    checkUpstream(spec, Object.keys(upstream));
    for (const [name, step] of Object.entries(upstream)) await this.#leave(name, step);
    for (let before = 1; before < attempt; before += 1)
      await countAttempt(this.store, this.#run, spec.name, {
        attempt: before,
        started_at: this.#run.started_at,
        kind: 'error',
      });
  }

  /** Runs one attempt of the tested step, and gives its manifest. */
  async attempt(handler: StepFunction, number: number, over: Partial<Invocation>): Promise<Manifest> {
    return this.#attempt(this.#tested.spec, handler, { ...over, number });
  }

  /** Lets a step that depends on the tested one look at what it committed. */
  async look(look: StepFunction): Promise<void> {
    const spec = { ...this.#tested.spec, name: 'a-step-below', dependencies: [this.#tested.spec.name] };
    const { result_schema: _, ...plain } = spec;
    await this.#attempt({ ...plain, trigger_rule: 'all_success', config: { initialization: {} } }, look, {});
  }

  async #attempt(
    step: StepSpec,
    handler: StepFunction,
    { number = 1, ...over }: Partial<Invocation> & { readonly number?: number },
  ): Promise<Manifest> {
    const { awaits: _, wakes: __, via: ___, carries: ____, long_seconds: _____, ...spec } = step;
    const answer = await runStep(
      { run: this.#run, step: spec, attempt: number, again: null, fresh: number === 1, long: null },
      { ports: this.#ports, handler, invocationId: randomUUID(), writeLine: () => undefined, ...over },
    );
    const manifest =
      'outcome' in answer && typeof answer.manifest === 'string'
        ? await readManifest(this.store, answer.manifest)
        : null;
    if (manifest) return manifest;
    throw new TypeError(`step ${step.name} does not run: it is ${'outcome' in answer ? answer.outcome : 'yielded'}`);
  }

  /** Makes a dependency end as the test says, through the same runtime: what does not fit its columns is an error here. */
  async #leave(name: string, given: GivenStep): Promise<void> {
    if (typeof given === 'string') {
      const at = this.#run.started_at;
      const ending = { step: name, ref: this.#run, attempts: 0, startedAt: null, endedAt: at };
      const failure = { error: 'Error', cause: `the test says that step ${name} failed` };
      const outcomes = {
        failed: () => failed(ending, failure),
        blocked: () => blocked(ending, [name]),
        skipped: () => skipped(ending),
      };
      await settle(this.store, this.#run, outcomes[given]());
      return;
    }
    const { result = null, datasets = {}, files = {} } = given;
    const spec = { ...this.#tested.spec, name, dependencies: [], config: { initialization: {} } };
    const { result_schema: _, ...plain } = spec;
    await this.#attempt(
      { ...plain, trigger_rule: 'all_success' },
      writing(name, { result, datasets, files }, this.#tested),
      {},
    );
  }
}

interface Left {
  readonly result: unknown;
  readonly datasets: Readonly<Record<string, GivenDataset>>;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

const writing =
  (name: string, { result, datasets, files }: Left, tested: TestedStep): StepFunction =>
  async (step) => {
    for (const [dataset, content] of Object.entries(datasets)) {
      const { columns, rows } = withColumns(`${name}.${dataset}`, content, tested.columns(name, dataset));
      await step.write(dataset, rows, { columns });
    }
    for (const [file, content] of Object.entries(files)) await step.file(file, content);
    return result;
  };

function withColumns(dataset: string, given: GivenDataset, known: Columns | null) {
  if ('rows' in given) return given;
  if (known !== null) return { columns: known, rows: given };
  throw new TypeError(
    `the columns of "${dataset}" are not known; give { columns: { id: 'BIGINT', ... }, rows: [...] }, or declare them under "outputs" in the template`,
  );
}

function checkUpstream({ name, dependencies }: StepSpec, given: readonly string[]): void {
  const unknown = given.filter((one) => !dependencies.includes(one));
  const missing = dependencies.filter((one) => !given.includes(one));
  const list = dependencies.join(', ') || 'none';
  if (unknown.length > 0)
    throw new TypeError(`"upstream" has ${unknown.join(', ')}, but the dependencies of step "${name}" are: ${list}`);
  if (missing.length > 0)
    throw new TypeError(
      `step "${name}" depends on ${list}; "upstream" has to give ${missing.join(' and ')} too, if only as {}`,
    );
}
