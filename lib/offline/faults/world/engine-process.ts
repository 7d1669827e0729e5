import type { CompiledMachine } from '../../../compiler/states/emit-machine.ts';
import type { Json, JsonObject } from '../../../contract/json.ts';
import { machineFunctions } from '../../../contract/platform-functions.ts';
import type { Clock } from '../../../ports/ports.ts';
import { type ExecutionResult, TaskFailure } from '../../asl/api.ts';
import { localExecutionArn } from '../../host/execution-arn.ts';
import { hostedMachine } from '../../host/hosted-machine.ts';
import { platformInProcess } from '../../host/platform-in-process.ts';
import { startOnHost } from '../../host/start-on-host.ts';
import { runStepBody } from '../subjects/step-body.ts';
import type { Subject } from '../subjects/subject.ts';
import { faultyPorts } from './faulty-ports.ts';
import { type FunctionBody, invokeFunction } from './invoke-function.ts';
import { Life, never } from './life.ts';
import type { Bench } from './scope.ts';
import { WakeUps } from './wake-ups.ts';

/** A start of the pipeline: a name, an input, and the version of the code. */
export interface Start {
  readonly name: string;
  readonly input: JsonObject;
  readonly broken: string | null;
}

/** The end of an execution: by itself, or with its process. */
export type Ended = {
  readonly arn: string;
  readonly name: string;
  readonly startedAt: number;
  readonly input: JsonObject;
} & ({ readonly status: 'KILLED' } | ExecutionResult);

/** True if another execution had the run, so that this one did nothing. */
export function refused(ended: Ended): boolean {
  return 'output' in ended && (ended.output as { refused?: string } | undefined)?.refused !== undefined;
}

/** An incarnation of the engine: a process that runs one execution, and that can be killed at any moment. */
export class EngineProcess {
  readonly life = new Life();
  readonly arn: string;
  running = false;
  readonly #bench: Bench;
  readonly #subject: Subject;
  readonly #start: Start;
  readonly #machine: CompiledMachine;
  readonly #abort = new AbortController();
  readonly #counts = new Map<string, number>();
  readonly #wakeUps: WakeUps;

  constructor(bench: Bench, subject: Subject, start: Start) {
    this.#bench = bench;
    this.#subject = subject;
    this.#start = start;
    this.#machine = subject.machine(start.broken);
    this.arn = localExecutionArn(subject.plan.name, start.name);
    this.#wakeUps = new WakeUps(bench.world, subject.plan);
  }

  /** Runs the execution to its end, good or bad. */
  async run(): Promise<Ended> {
    const { world, chance } = this.#bench;
    const { name, input } = this.#start;
    const startedAt = world.now();
    world.executions.set(this.arn, 'RUNNING');
    world.say(`${name} starts with ${JSON.stringify(input).slice(0, 120)}`);
    let chances = 0;
    const start = { arn: this.arn, name, input, startedAt, signal: this.#abort.signal };
    const execution = startOnHost(hostedMachine(this.#machine.definition), start, {
      clock: this.#clock(),
      random: () => chance.roll(`jitter ${chances++} of ${name}`),
      invoke: (fn, event, call) => this.#invoke(fn, event, call.state),
      onEvent: (event) => this.#wakeUps.notice(event),
    });
    world.running.add(execution);
    this.running = true;
    const killed = Promise.withResolvers<{ readonly status: 'KILLED' }>();
    this.life.onEnd(() => killed.resolve({ status: 'KILLED' }));
    const ended = await Promise.race([this.life.hear(execution.result), killed.promise]);
    world.running.delete(execution);
    this.running = false;
    world.executions.set(this.arn, ended.status === 'KILLED' ? 'ABORTED' : ended.status);
    world.say(`${name} ended: ${ended.status}`);
    return { arn: this.arn, name, startedAt, input, ...ended };
  }

  /** As StopExecution does: the states end, the functions continue. */
  stop(): void {
    this.#abort.abort(new Error('stopped'));
  }

  #clock(): Clock {
    const { world } = this.#bench;
    return { now: () => world.now(), sleep: (ms, signal) => this.life.hear(world.clock.sleep(ms, signal)) };
  }

  async #invoke(fn: string, event: Json, state: string): Promise<Json> {
    if (this.life.over) return never();
    const label = this.#label(state);
    const { steps } = this.#machine;
    const platform = platformInProcess[fn];
    const body: FunctionBody = platform
      ? async (given, scope) => (await platform(given, faultyPorts(scope), steps)) as Json
      : runStepBody(this.#subject, this.#start.broken);
    const call = { bench: this.#bench, engine: this.life, label, fn, event, steps, body };
    try {
      const answer = await invokeFunction({ ...call, timeoutSeconds: this.#limitOf(fn) });
      // A step that yields has not ended.
      if (!isYield(answer)) this.#wakeUps.answered(fn, event, null);
      return answer;
    } catch (failure) {
      if (failure instanceof TaskFailure) this.#wakeUps.answered(fn, event, failure.error);
      throw failure;
    }
  }

  #limitOf(fn: string): number {
    const limits = [...machineFunctions, ...this.#machine.functions];
    return limits.find(({ placeholder }) => placeholder === fn)?.timeoutSeconds ?? 900;
  }

  #label(state: string): string {
    const name = `${this.#start.name} ${state}`;
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return `${name} #${count}`;
  }
}

const isYield = (answer: Json): boolean => typeof answer === 'object' && answer !== null && 'yielded' in answer;
