import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { CompiledMachine } from '../../compiler/states/emit-machine.ts';
import { placeholders, substitute } from '../../compiler/states/placeholders.ts';
import type { Json } from '../../contract/json.ts';
import type { DeadLetter, Failure, OutcomeKind } from '../../contract/records.ts';
import { readRun } from '../../operate/runs/read-run.ts';
import { MemoryDeadLetterQueue } from '../../ports/memory/memory-dead-letter-queue.ts';
import { MemoryExecutions } from '../../ports/memory/memory-executions.ts';
import { MemoryObjectStore } from '../../ports/memory/memory-object-store.ts';
import { MemoryTaskTokens } from '../../ports/memory/memory-task-tokens.ts';
import { reconcile } from '../../runtime/execution/reconcile.ts';
import type { ExecutionResult, HistoryEvent } from '../asl/api.ts';
import { loadMachine } from '../asl/load-machine.ts';
import { startExecution } from '../asl/start-execution.ts';
import { VirtualClock } from '../asl/virtual-clock.ts';
import { localExecutionArn } from '../engine/execution-name.ts';
import { localTasks } from '../engine/local-tasks.ts';
import type { Scenario } from './scenario.ts';
import { runScriptedStep } from './scripted-step.ts';
import { simulatedFunctions } from './simulated-functions.ts';
import { asLambdaReports } from './task-failure.ts';

/** What happened in a simulated run. Times of steps are milliseconds from the start. */
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
  /** When the first attempt was begun; null for a step that never ran. */
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
    const arn = localExecutionArn(this.#plan.name, name);
    this.#executions.set(arn, 'RUNNING');
    const execution = startExecution(loadMachine(this.#definition()), {
      arn,
      name,
      input: this.#scenario.input as Json,
      clock: this.#clock,
      random: () => this.#scenario.jitter,
      runTask: localTasks((fn, event) => asLambdaReports(this.#invoke(fn, event)), this.#queue),
      onEvent: (event) => this.#notice(event),
    });
    const tokens = new MemoryTaskTokens((token, output) => execution.succeedTask(token, JSON.parse(output) as Json));
    this.#ports = { store: this.#store, clock: this.#clock, executions: this.#executions, tokens };
    const result = await this.#clock.run(execution.result);
    const end = this.#clock.now();
    this.#executions.set(arn, result.status);
    await this.#account(result, arn);
    return this.#report(result, end);
  }

  #ports: Parameters<typeof runScriptedStep>[2]['ports'] | undefined;

  /** The definition as it stands, with each placeholder's name for what it stands for. */
  #definition(): Json {
    const names = [...Object.values(placeholders), ...this.#machine.functions.map((fn) => fn.placeholder)];
    const values = Object.fromEntries(names.map((placeholder) => [placeholder, placeholder]));
    return JSON.parse(substitute(JSON.stringify(this.#machine.definition), values)) as Json;
  }

  async #invoke(fn: string, event: Json): Promise<Json> {
    const ports = this.#ports;
    if (!ports) throw new Error('a task ran before the simulation was ready');
    const platform = simulatedFunctions[fn];
    if (platform) return plain(await platform(event, ports));
    const timeoutSeconds = this.#machine.functions.find(({ placeholder }) => placeholder === fn)?.timeoutSeconds ?? 900;
    this.#invocations += 1;
    const invocationId = `simulated-${this.#invocations}`;
    const onBegin = (step: string): void => {
      this.#invocationsOf.set(step, (this.#invocationsOf.get(step) ?? 0) + 1);
    };
    return plain(await runScriptedStep(event, this.#scenario, { ports, timeoutSeconds, invocationId, onBegin }));
  }

  #notice({ type, state, timestamp }: HistoryEvent): void {
    if (type === 'TaskStateEntered' && state !== undefined && !this.#begun.has(state))
      this.#begun.set(state, timestamp - this.#start);
  }

  async #account({ status, error, cause }: ExecutionResult, executionArn: string): Promise<void> {
    if (status === 'SUCCEEDED' || !this.#ports) return;
    const detail = {
      executionArn,
      name,
      status,
      startDate: this.#start,
      stopDate: this.#clock.now(),
      input: JSON.stringify(this.#scenario.input),
      error,
      cause,
    };
    await reconcile({ pipeline: this.#plan.name, detail }, { ...this.#ports, queue: this.#queue });
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

/** What Lambda does with an answer: it becomes JSON. */
const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json;
