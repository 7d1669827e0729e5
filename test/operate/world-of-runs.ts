/**
 * A pipeline whose executions run in memory, step by step, with the runtime's own functions. Each execution compiles the definition again, as after a
 * deployment.
 */

import { expect } from 'vitest';
import { checkGraph } from '../../lib/compiler/graph/check-graph.ts';
import { planPipeline } from '../../lib/compiler/plan/plan-pipeline.ts';
import { type CompiledMachine, emitMachine } from '../../lib/compiler/states/emit-machine.ts';
import type { Json, JsonObject } from '../../lib/contract/json.ts';
import { outcomeKey, type RunRef } from '../../lib/contract/object-keys.ts';
import type { PrepareResult } from '../../lib/contract/payloads.ts';
import type { Outcome } from '../../lib/contract/records/outcome.ts';
import { type AssessOptions, assess, type StepDecision } from '../../lib/operate/resume/assess.ts';
import { type DefinitionFacts, definitionFacts, machineFacts } from '../../lib/operate/resume/definition-facts.ts';
import { type Vouched, vouchForStep } from '../../lib/operate/vouch/vouch-for-step.ts';
import type { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import type { ObjectStore } from '../../lib/ports/ports.ts';
import { finalize } from '../../lib/runtime/execution/finalize.ts';
import { prepare } from '../../lib/runtime/execution/prepare.ts';
import { recordFailure } from '../../lib/runtime/execution/record-failure.ts';
import { findDamage } from '../../lib/runtime/manifests/find-damage.ts';
import { readExecutions } from '../../lib/runtime/records/execution-number.ts';
import type { StepFunction } from '../../lib/runtime/step.ts';
import { aStart, attempt, memoryWorld, type World } from '../runtime/fixtures.ts';
import { stepTemplate, templateOf } from '../support/templates.ts';

/** A step in the author's current version. */
export interface Author {
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly code: string;
  readonly initialization: JsonObject;
  readonly handler: StepFunction;
}

/** The machine that these steps are compiled to. */
export function machineOf(steps: readonly Author[]): CompiledMachine {
  const templates = steps.map(({ name, dependencies, initialization }) => {
    const plain = stepTemplate(name, dependencies);
    return { ...plain, handler: { ...plain.handler, initialization } };
  });
  const template = templateOf(templates);
  const graph = checkGraph(template, { handlerExists: () => true, allowMissingHandlers: false }, (wrong) => {
    throw new Error(wrong.message);
  });
  if (!graph) throw new Error('the steps have no order');
  const plan = planPipeline(template, graph);
  const codes = new Map(steps.map(({ name, code }) => [`lambdas/steps/test/${name}.ts`, code]));
  return emitMachine(plan, ({ work }) => (work.kind === 'handler' && codes.get(work.entry)) || '');
}

const withoutReason = ({ step, decision }: StepDecision) => ({ step, decision });

/** Of all runs: a copy of a world has executions that must not get their names again. */
let executions = 0;

/** One run and its executions. */
export class Runs<S extends ObjectStore = MemoryObjectStore> {
  readonly world: World<S>;
  readonly run: RunRef;

  constructor(world?: World<S>, run_id = 'r') {
    this.world = world ?? (memoryWorld() as World<ObjectStore> as World<S>);
    this.run = { pipeline: 'test', run_id };
  }

  /** The decisions of a resume with these steps. */
  async assess(
    steps: readonly Author[],
    over: Partial<Pick<AssessOptions, 'input' | 'from'>> = {},
  ): Promise<readonly StepDecision[]> {
    const machine = machineOf(steps);
    const here = await this.#assess(machineFacts(machine), over);
    const deployed = await this.#assess(definitionFacts(JSON.parse(JSON.stringify(machine.definition)) as Json), over);
    // The definition alone leads to the same decisions, with fewer details in the reasons.
    expect(deployed.map(withoutReason)).toEqual(here.map(withoutReason));
    return here;
  }

  async #assess(
    facts: DefinitionFacts,
    over: Partial<Pick<AssessOptions, 'input' | 'from'>>,
  ): Promise<readonly StepDecision[]> {
    const { store } = this.world;
    const assessed = await assess(this.run, {
      store,
      facts,
      history: await readExecutions(store, this.run),
      input: null,
      from: [],
      check: findDamage,
      fileOf: (step) => `${step}.ts`,
      ...over,
    });
    return assessed.steps;
  }

  /** The same decisions as lines. */
  async reasons(...args: Parameters<Runs['assess']>): Promise<string[]> {
    return (await this.assess(...args)).map(({ step, decision, reason }) => `${step} ${decision}: ${reason}`);
  }

  /** Runs an execution; it dies before step number `until`. Returns the outcomes by step. */
  async execute(
    steps: readonly Author[],
    options: { readonly input?: JsonObject; readonly from?: readonly string[]; readonly until?: number } = {},
  ): Promise<Record<string, Outcome['outcome']>> {
    const { world } = this;
    world.clock.time += 60_000;
    const { input = {}, from = [], until = Number.POSITIVE_INFINITY } = options;
    const arn = `arn:${++executions}`;
    const machine = machineOf(steps);
    const facts = machineFacts(machine);
    const daybreak = { run_id: this.run.run_id, from: [...from] };
    const start = { ...aStart({ arn, input: { ...input, daybreak } }), pipeline: facts.pipeline };
    world.executions.set(arn, 'RUNNING');
    const prepared = (await prepare(start, world)) as PrepareResult & { run: Parameters<typeof finalize>[0]['run'] };
    const handlers = new Map(steps.map(({ name, handler }) => [name, handler]));
    for (const [index, step] of facts.steps.entries()) {
      if (index >= until) {
        world.executions.set(arn, 'ABORTED');
        return this.#outcomes(prepared.run.execution, facts.steps);
      }
      const spec = machine.steps[step.name];
      if (!spec) throw new Error(`the machine has no step ${step.name}`);
      const payload = { run: prepared.run, step: spec };
      await attempt(world, payload, handlers.get(step.name) as StepFunction).catch(async (error: Error) => {
        if (error.name === 'Blocked') return;
        const failure = { Error: error.name, Cause: error.message };
        await recordFailure({ run: prepared.run, step: spec, failure, attempts: 1 }, world);
      });
    }
    const names = facts.steps.map(({ name }) => ({ name }));
    await finalize({ run: prepared.run, redrive_count: 0, steps: names }, world).catch(() => undefined);
    world.executions.set(arn, 'SUCCEEDED');
    return this.#outcomes(prepared.run.execution, facts.steps);
  }

  /** A person vouches for a step of the run, as the steps are now. */
  async vouch(steps: readonly Author[], name: string, result: Json): Promise<Vouched> {
    const machine = machineOf(steps);
    const spec = machine.steps[name];
    if (!spec) throw new Error(`there is no step ${name}`);
    const { store, executions, clock } = this.world;
    return vouchForStep(this.run, {
      ...{ store, executions, spec, result },
      facts: machineFacts(machine),
      history: await readExecutions(store, this.run),
      check: findDamage,
      vouching: { by: 'anna', at: new Date(clock.now()).toISOString(), reason: 'done by hand' },
    });
  }

  async #outcomes(execution: number, steps: readonly { readonly name: string }[]) {
    const found: Record<string, Outcome['outcome']> = {};
    for (const { name } of steps) {
      const object = await this.world.store.get(outcomeKey({ ...this.run, execution }, name));
      if (object) found[name] = (JSON.parse(Buffer.from(object.body).toString()) as Outcome).outcome;
    }
    return found;
  }
}

/** A handler that writes this row and returns it. */
export function writes(content: Json): StepFunction {
  return async (step) => {
    await step.write('rows', [{ content: JSON.stringify(content) }], { columns: { content: 'VARCHAR' } });
    return content;
  };
}

export const fails: StepFunction = () => {
  throw new Error('it cannot be');
};
