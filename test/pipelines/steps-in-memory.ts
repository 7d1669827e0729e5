import { resolve } from 'node:path';
import { PermanentError, type StepFunction, type StepHandler } from 'daybreak';
import { loadPipeline } from '../../lib/compiler/load-pipeline.ts';
import type { PipelinePlan } from '../../lib/compiler/plan/plan.ts';
import type { Json } from '../../lib/contract/json.ts';
import type { Manifest } from '../../lib/contract/records/manifest.ts';
import type { ObjectStore } from '../../lib/ports/ports.ts';
import { SystemClock } from '../../lib/ports/system-clock.ts';
import { runSql } from '../../lib/runtime/attempt/run-sql.ts';
import { aRun, aStep, attempt, memoryWorld, stored } from '../runtime/fixtures.ts';

type Row = Record<string, unknown>;

/** The results of a step, as its dependents see them. */
export interface StepOutput {
  readonly result: Json;
  readonly datasets: Readonly<Record<string, Row[]>>;
  readonly columns: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly files: Readonly<Record<string, string>>;
}

export interface StepsOptions {
  readonly input: object;
  readonly secrets?: Readonly<Record<string, string>>;
  /** The steps can read its objects below `sources/`. */
  readonly sources?: ObjectStore;
}

/** Steps of a pipeline, one after the other in this process: the plan of its template, the deployed runtime, and a store in memory. */
export class StepsInMemory {
  readonly outputs = new Map<string, StepOutput>();
  readonly #plan: PipelinePlan;
  readonly #options: StepsOptions;
  readonly #world = memoryWorld();
  #readers = 0;

  private constructor(plan: PipelinePlan, options: StepsOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  static async of(pipeline: string, options: StepsOptions): Promise<StepsInMemory> {
    const root = resolve(import.meta.dirname, '../..');
    const loaded = await loadPipeline(resolve(root, `pipelines/${pipeline}.yaml`), {
      root,
      environment: null,
      allowMissingHandlers: false,
    });
    if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
    const steps = new StepsInMemory(loaded.plan, options);
    for await (const { key } of options.sources?.list('sources/') ?? []) {
      await steps.#world.store.put(key, (await options.sources?.get(key))?.body ?? '');
    }
    return steps;
  }

  /** Runs one attempt, of the handler or of the template's SQL. Its output is visible only if it succeeds. */
  async run<Input, Config>(name: string, handler?: StepHandler<Input, Config>, number = 1): Promise<StepOutput> {
    const step = this.#plan.steps.find((one) => one.name === name);
    if (!step) throw new Error(`the template has no step ${name}`);
    const { work } = step;
    if (!handler && work.kind !== 'sql') throw new Error(`step ${name} is not SQL`);
    const run = work.kind === 'sql' ? runSql(work.queries) : handler?.stepFunction;
    return this.#attempt(name, run as StepFunction, number);
  }

  /** Makes a step succeed with a result, without its handler. */
  settle(name: string, result: unknown): Promise<StepOutput> {
    return this.#attempt(name, async () => result, 1);
  }

  async #attempt(name: string, handler: StepFunction, number: number): Promise<StepOutput> {
    const planned = this.#plan.steps.find((step) => step.name === name);
    const { dependencies = [], config = { initialization: {} } } = planned ?? {};
    const step = aStep(name, { dependencies: dependencies.filter((one) => this.outputs.has(one)), config });
    const { manifest } = await this.#invoke({ step, attempt: number }, handler);
    const output = await this.#read(name, await stored<Manifest>(this.#world.store, manifest ?? ''));
    this.outputs.set(name, output);
    return output;
  }

  /** Reads all output of a step through a step that depends on it. */
  async #read(name: string, manifest: Manifest | null): Promise<StepOutput> {
    if (!manifest) throw new Error(`step ${name} has no manifest`);
    const output = { result: manifest.result, datasets: {}, columns: {}, files: {} } as {
      result: Json;
      datasets: Record<string, Row[]>;
      columns: Record<string, Record<string, string>>;
      files: Record<string, string>;
    };
    this.#readers += 1;
    const reader = aStep(`reader-${this.#readers}`, { dependencies: [name] });
    await this.#invoke({ step: reader }, async (step) => {
      for (const [dataset, { columns }] of Object.entries(manifest.datasets)) {
        output.columns[dataset] = { ...columns };
        output.datasets[dataset] = [];
        for await (const rows of step.rows<Row>(`${name}.${dataset}`)) output.datasets[dataset].push(...rows);
      }
      for (const file of Object.keys(manifest.files)) {
        output.files[file] = (await step.readFile(name, file)).toString();
      }
    });
    return output;
  }

  #invoke(payload: { readonly step: ReturnType<typeof aStep>; readonly attempt?: number }, handler: StepFunction) {
    const { input, secrets = {} } = this.#options;
    const run = aRun({ pipeline: this.#plan.name, run_id: 'test-run', input: JSON.parse(JSON.stringify(input)) });
    const read = async (name: string): Promise<string> => {
      const secret = secrets[name];
      if (secret === undefined) throw new PermanentError(`there is no secret ${name}`);
      return secret;
    };
    const ports = { ...this.#world, clock: new SystemClock() };
    return attempt(this.#world, { run, ...payload }, handler, { ports, secrets: { read } });
  }
}
