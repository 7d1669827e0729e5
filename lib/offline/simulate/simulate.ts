import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { CompiledMachine } from '../../compiler/states/emit-machine.ts';
import type { Json, JsonObject } from '../../contract/json.ts';
import { stepEvent } from '../../contract/payloads.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { Failure } from '../../contract/records/failure.ts';
import type { OutcomeKind } from '../../contract/records/outcome.ts';
import { resolveStep } from '../../contract/resolve-event.ts';
import { readRun } from '../../operate/runs/read-run.ts';
import type { Ports } from '../../ports/from-environment.ts';
import { MemoryDeadLetterQueue } from '../../ports/memory/memory-dead-letter-queue.ts';
import { MemoryExecutions } from '../../ports/memory/memory-executions.ts';
import { MemoryObjectStore } from '../../ports/memory/memory-object-store.ts';
import { MemoryTaskTokens } from '../../ports/memory/memory-task-tokens.ts';
import { reconcile } from '../../runtime/execution/reconcile.ts';
import type { ExecutionResult, HistoryEvent } from '../asl/api.ts';
import { VirtualClock } from '../asl/virtual-clock.ts';
import { asLambdaAnswers } from '../host/as-lambda-answers.ts';
import { localExecutionArn } from '../host/execution-arn.ts';
import { hostedMachine } from '../host/hosted-machine.ts';
import { platformInProcess } from '../host/platform-in-process.ts';
import { endEvent, startOnHost } from '../host/start-on-host.ts';
import type { Scenario } from './scenario.ts';
import { runScriptedStep } from './scripted-step.ts';

/** The report of a simulated run. Times of steps are milliseconds from the start. */
export interface SimulationReport {
  readonly status: ExecutionResult['status'];
  readonly started_at: string;
  readonly ended_at: string;
  readonly makespan_ms: number;
  /** State transitions as AWS bills them. */
  readonly transitions: number;
  readonly steps: Readonly<Record<string, SimulatedStep>>;
  readonly failed: readonly string[];
  readonly blocked: readonly string[];
  readonly dead_letters: readonly DeadLetter[];
  /** Of the execution, when it did not succeed. */
  readonly failure: Failure | null;
}

interface SimulatedStep {
  readonly outcome: OutcomeKind | 'pending';
  /** Attempts that were begun, those that Lambda refused included; 0 for a step that never ran. */
  readonly attempts: number;
  /** Invocations that were begun for them: more than attempts when the step yields. */
  readonly invocations: number;
  /** The start of the first attempt; null for a step that never ran. */
  readonly started_ms: number | null;
  readonly ended_ms: number | null;
}

const name = 'simulation';

/**
 * Runs the compiled machine with the functions of the platform on a virtual clock, in this process: only the handlers are replaced, by what the scenario says. The same scenario
 * always gives the same report.
 */
export async function simulate(
  plan: PipelinePlan,
  machine: CompiledMachine,
  scenario: Scenario,
): Promise<SimulationReport> {
  const simulation = new Simulation(plan, machine, scenario);
  return simulation.run();
}

class Simulation {
  readonly #plan: PipelinePlan;
  readonly #machine: CompiledMachine;
  readonly #scenario: Scenario;
  readonly #start: number;
  readonly #clock: VirtualClock;
  readonly #store = new MemoryObjectStore();
  readonly #executions = new MemoryExecutions();
  readonly #queue: MemoryDeadLetterQueue;
  readonly #begun = new Map<string, number>();
  readonly #invocationsOf = new Map<string, number>();
  #invocations = 0;

  constructor(plan: PipelinePlan, machine: CompiledMachine, scenario: Scenario) {
    this.#plan = plan;
    this.#machine = machine;
    this.#scenario = scenario;
    this.#start = Date.parse(scenario.start);
    this.#clock = new VirtualClock(this.#start);
    this.#queue = new MemoryDeadLetterQueue(this.#clock);
  }

  async run(): Promise<SimulationReport> {
    const start = {
      arn: localExecutionArn(this.#plan.name, name),
      name,
      input: this.#scenario.input as JsonObject,
      startedAt: this.#start,
    };
    this.#executions.set(start.arn, 'RUNNING');
    const tokens = new MemoryTaskTokens((token, output) => execution.succeedTask(token, JSON.parse(output) as Json));
    const queue = this.#queue;
    const ports = { store: this.#store, clock: this.#clock, executions: this.#executions, tokens, queue };
    const execution = startOnHost(hostedMachine(this.#machine.definition), start, {
      clock: this.#clock,
      random: () => this.#scenario.jitter,
      invoke: (fn, event) => asLambdaAnswers(this.#invoke(fn, event, ports)),
      onEvent: (event) => this.#notice(event),
    });
    const result = await this.#clock.run(execution.result);
    const end = this.#clock.now();
    this.#executions.set(start.arn, result.status);
    const { status } = result;
    if (status !== 'SUCCEEDED') {
      const detail = endEvent(start, { ...result, status }, end);
      await reconcile({ pipeline: this.#plan.name, detail }, ports);
    }
    return this.#report(result, end);
  }

  async #invoke(fn: string, event: Json, ports: Ports): Promise<unknown> {
    const platform = platformInProcess[fn];
    if (platform) return platform(event, ports, this.#machine.steps);
    const payload = resolveStep(stepEvent.parse(event), this.#machine.steps);
    const found = this.#machine.functions.find(({ placeholder }) => placeholder === fn);
    const timeoutSeconds = found?.timeouts[payload.step.name] ?? found?.timeoutSeconds ?? 900;
    this.#invocations += 1;
    const invocationId = `simulated-${this.#invocations}`;
    const onBegin = (step: string): void => {
      this.#invocationsOf.set(step, (this.#invocationsOf.get(step) ?? 0) + 1);
    };
    return runScriptedStep(payload, this.#scenario, { ports, timeoutSeconds, invocationId, onBegin });
  }

  #notice({ type, state, timestamp }: HistoryEvent): void {
    if (type === 'TaskStateEntered' && state !== undefined && !this.#begun.has(state))
      this.#begun.set(state, timestamp - this.#start);
  }

  async #report({ status, error, cause, transitions }: ExecutionResult, end: number): Promise<SimulationReport> {
    const steps = this.#plan.steps.map((step) => step.name);
    const pipeline = { name: this.#plan.name, steps };
    const run = await readRun(this.#store, pipeline, name, this.#executions);
    const outcomes = run?.steps ?? [];
    const only = (kind: string) => outcomes.filter(({ outcome }) => outcome === kind).map(({ step }) => step);
    return {
      status,
      started_at: new Date(this.#start).toISOString(),
      ended_at: new Date(end).toISOString(),
      makespan_ms: end - this.#start,
      transitions,
      steps: Object.fromEntries(
        outcomes.map(({ step, outcome, attempts, ended_at }) => {
          const ran = outcome !== 'blocked' && outcome !== 'skipped';
          return [
            step,
            {
              outcome,
              attempts,
              invocations: ran ? (this.#invocationsOf.get(step) ?? 0) : 0,
              started_ms: ran ? (this.#begun.get(step) ?? null) : null,
              ended_ms: ended_at === null ? null : Date.parse(ended_at) - this.#start,
            },
          ];
        }),
      ),
      failed: only('failed'),
      blocked: only('blocked'),
      dead_letters: run?.dead_letters ?? [],
      failure: error === undefined ? null : { error, cause: cause ?? '' },
    };
  }
}
