import { runKey, runPrefix } from '../../contract/object-keys.ts';
import { recordKindOf } from '../../contract/records/record-shapes.ts';
import { examine } from '../../operate/doctor/doctor.ts';
import { localExecutionArn } from '../host/execution-arn.ts';
import { Chance } from './chance.ts';
import { checkRun, type Past } from './check-run.ts';
import type { FaultKind } from './fault-kinds.ts';
import { type FaultCounts, Faults } from './faults.ts';
import type { Mutation } from './mutation.ts';
import { runBegins } from './run-begins.ts';
import { differences, readContent, type StepContent } from './run-content.ts';
import type { Subject } from './subjects/subject.ts';
import { SubjectError } from './subjects/subject-error.ts';
import { Watch } from './watch.ts';
import { account } from './world/account.ts';
import { type Ended, EngineProcess, refused } from './world/engine-process.ts';
import type { Bench } from './world/scope.ts';
import { World, worldBegins } from './world/world.ts';

/** The result of a run without faults. */
export interface Expected {
  readonly content: ReadonlyMap<string, StepContent>;
  /** `<step> <part>` that differ between two runs without faults: a clock or chance is in them. */
  readonly varying: ReadonlySet<string>;
  /** Virtual milliseconds. */
  readonly makespanMs: number;
}

export interface FaultRun {
  readonly seed: number;
  readonly executions: number;
  readonly counts: FaultCounts;
  /** Empty when every promise was kept. */
  readonly violations: readonly string[];
  readonly trace: readonly string[];
}

export interface FaultRunOptions {
  readonly seed: number;
  /** Rates set by hand, of the kinds that are here. */
  readonly rates?: Partial<Record<FaultKind, number>>;
  readonly mutate?: Mutation;
  /** False takes the ledger away from sinks, to test that the bench notices. */
  readonly guarded?: boolean;
}

/** After the faults this many executions must be enough: one usually is, and a start that meets the end of the previous execution needs another. */
const faultlessResumes = 3;

/** Runs a pipeline under faults and resumes it until it has succeeded; then reports the broken promises. */
export async function faultRun(subject: Subject, expected: Expected, options: FaultRunOptions): Promise<FaultRun> {
  const { seed, rates, mutate } = options;
  const chance = new Chance(seed);
  const faults = new Faults(chance, rates);
  faults.start();
  const watch = new Watch();
  const world = new World(watch, { begins: beginsOf(subject), guarded: options.guarded ?? true });
  await subject.furnish?.(world.store);
  const run = new Run(subject, { world, chance, faults, mutate, loud: subject.dies === 'loudly' }, expected.makespanMs);
  const violations: string[] = [];
  try {
    await world.clock.run(run.toTheEnd());
    violations.push(...(await checkRun(subject, world, run.past)));
    violations.push(...differences(expected.content, await readContent(world.store, run.ref), expected.varying));
  } catch (error) {
    violations.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const { counts } = faults;
  return {
    seed,
    executions: run.past.length,
    counts,
    violations: [...watch.violations, ...violations],
    trace: world.trace,
  };
}

/** Runs a pipeline twice without faults, a day apart. Returns its result, and the parts of it that vary by themselves. */
export async function faultlessRun(subject: Subject): Promise<Expected> {
  const [first, second] = [await runOnce(subject, 0), await runOnce(subject, 24 * 3_600_000)];
  const varying = differences(first.content, second.content).map((line) => line.slice(0, line.indexOf(':')));
  return { ...first, varying: new Set(varying) };
}

const beginsOf = ({ plan, input }: Subject): number => runBegins(plan, input, worldBegins);

async function runOnce(subject: Subject, later: number) {
  const chance = new Chance(0);
  const world = new World(new Watch(), { begins: beginsOf(subject) });
  world.jump(later);
  await subject.furnish?.(world.store);
  const run = new Run(subject, { world, chance, faults: new Faults(chance) }, 0);
  const began = world.clock.now();
  await world.clock.run(run.toTheEnd()).catch((error: unknown) => {
    throw ownFailure(run.past) ?? error;
  });
  if (run.past.length > 1) throw new Error(`without faults the run takes ${run.past.length} executions`);
  const violations = [...world.watch.violations, ...(await checkRun(subject, world, run.past))];
  if (violations.length > 0) throw new Error(`a run without faults breaks promises:\n${violations.join('\n')}`);
  return { content: await readContent(world.store, run.ref), makespanMs: world.clock.now() - began };
}

/** The failure of the pipeline itself, which no fault has caused; null if its run did not fail. */
function ownFailure(past: readonly Past[]): SubjectError | null {
  const ended = past.at(-1)?.ended;
  if (ended?.status !== 'FAILED') return null;
  const { errorMessage = '' } = JSON.parse(ended.cause ?? '{}') as { readonly errorMessage?: string };
  const steps = errorMessage.split('\n').filter((line) => line.startsWith('- '));
  return new SubjectError(
    [
      'faults can be tried only on a run that succeeds without them:',
      ...(steps.length > 0 ? steps : [errorMessage]),
    ].join('\n'),
  );
}

class Run {
  readonly past: Past[] = [];
  readonly ref: { readonly pipeline: string; readonly run_id: string };
  readonly #subject: Subject;
  readonly #bench: Bench;
  readonly #makespanMs: number;
  readonly #broken: { readonly step: string; readonly executions: number } | null;

  constructor(subject: Subject, bench: Bench, makespanMs: number) {
    this.#subject = subject;
    this.#bench = bench;
    this.#makespanMs = makespanMs;
    this.ref = { pipeline: subject.plan.name, run_id: 'e1' };
    const { chance, faults } = bench;
    const names = subject.plan.steps.map(({ name }) => name) as [string, ...string[]];
    this.#broken = faults.strikes('handler_broken', 'the run')
      ? { step: chance.pick('broken step', names), executions: chance.between('broken for', 1, 2) }
      : null;
  }

  /** Starts, and resumes until the run has succeeded with every step; faults come in the first executions alone. */
  async toTheEnd(): Promise<void> {
    const { chance, faults, world } = this.#bench;
    const faulty = chance.between('faulty executions', 1, 4);
    let done = false;
    for (let number = 1; number <= faulty + faultlessResumes && !done; number++) {
      if (number > faulty) faults.stop();
      if (number > 1) await world.clock.sleep(chance.roll(`pause before ${number}`) * 90_000);
      if (number > 1) await this.#loseBytes(`before ${number}`);
      if (number > 1) await this.#tearRecord(`before ${number}`);
      done = await this.#execute(number);
    }
    faults.stop();
    if (!done) throw new Error(`the run did not succeed in ${faultlessResumes} executions without faults`);
    await this.#drain();
    if (chance.roll('once more') < 0.3) await this.#again();
  }

  /** A run that has succeeded is resumed too, to check that no work is repeated. */
  async #again(): Promise<void> {
    const { watch } = this.#bench.world;
    const before = [...watch.handled.values()].reduce((sum, count) => sum + count, 0);
    if (!(await this.#execute(this.past.length + 1))) throw new Error('a run that had succeeded did not when resumed');
    const after = [...watch.handled.values()].reduce((sum, count) => sum + count, 0);
    if (after !== before) throw new Error(`a run that had succeeded was resumed, and ${after - before} handlers ran`);
    await this.#drain();
  }

  async #drain(): Promise<void> {
    await Promise.all(this.past.map(({ accounted }) => accounted));
    await this.#bench.world.drain();
  }

  async #loseBytes(when: string): Promise<void> {
    const { chance, faults, world } = this.#bench;
    const [first, ...more] = world.watch.committedKeys;
    if (first === undefined || !faults.happens('bytes_lost', when)) return;
    const key = chance.pick(`which ${when}`, [first, ...more]);
    const gone = chance.roll(`how ${when}`) < 0.5;
    world.watch.lost(key);
    world.say(`${key} is ${gone ? 'gone' : 'damaged'}`);
    if (gone) await world.store.delete(key);
    else await world.store.put(key, 'damaged');
  }

  /** Tears a record of the run. A doctor must find exactly this one, and repair it. */
  async #tearRecord(when: string): Promise<void> {
    const { chance, faults, world } = this.#bench;
    const records: string[] = [];
    for await (const { key } of world.store.list(runPrefix(this.ref))) if (recordKindOf(key)) records.push(key);
    const [first, ...more] = records;
    if (first === undefined || !faults.happens('record_damaged', when)) return;
    const key = chance.pick(`which record ${when}`, [first, ...more]);
    world.say(`${key} is torn`);
    const body = (await world.store.get(key))?.body ?? new Uint8Array();
    await world.store.put(key, body.subarray(0, Math.floor((body.length - 2) * chance.roll(`how much ${when}`))));
    const options = { store: world.store, pipeline: this.ref.pipeline, runId: this.ref.run_id, now: world.now() };
    const doctor = { ...options, remembered: async () => this.past.map(({ ended }) => rememberedAs(ended)) };
    const torn = (await examine({ ...doctor, repair: true })).findings.filter((one) => recordKindOf(one.key));
    if (!torn.some((one) => one.key === key)) throw new Error(`${key} was torn, and the doctor did not find it`);
  }

  /** One execution, or two that are started at once; true when the run has now succeeded with every step. */
  async #execute(number: number): Promise<boolean> {
    const { faults } = this.#bench;
    const twice = number > 1 && faults.happens('resumed_twice', `execution ${number}`);
    const names = twice ? [`e${number}`, `e${number}b`] : [`e${number}`];
    const beside = number > 1 && !twice && faults.happens('taken_for_dead', `execution ${number}`);
    const ended = await Promise.all([
      ...names.map((name) => this.#start(name, number)),
      ...(beside ? [this.#startBeside(`e${number}`, number)] : []),
    ]);
    return (
      ended.some((one) => one.status === 'SUCCEEDED' && !refused(one)) && this.#bench.world.clock.hold(this.#complete())
    );
  }

  /** Another host believes that an execution has died, and resumes its run while it works. */
  async #startBeside(name: string, number: number): Promise<Ended> {
    const { chance, world } = this.#bench;
    await world.clock.sleep(chance.roll(`when ${name} is taken for dead`) * this.#makespanMs);
    world.executions.set(localExecutionArn(this.ref.pipeline, name), 'ABORTED');
    world.say(`${name} is taken for dead`);
    return this.#start(`${name}h`, number);
  }

  async #start(name: string, number: number): Promise<Ended> {
    const { world } = this.#bench;
    const known = world.watch.hasSettled(runKey(this.ref));
    const daybreak = number === 1 ? {} : { daybreak: { run_id: this.ref.run_id } };
    const broken = this.#broken !== null && number <= this.#broken.executions ? this.#broken.step : null;
    const input = { ...daybreak, ...(known && number > 1 ? {} : this.#subject.input) };
    const engine = new EngineProcess(this.#bench, this.#subject, { name, input, broken });
    this.#endAtAnInstant(engine, name);
    const ended = await engine.run();
    const accounted = account(this.#bench, this.#subject.plan.name, ended);
    this.past.push({ ended, accounted });
    return ended;
  }

  #endAtAnInstant(engine: EngineProcess, name: string): void {
    const { chance, faults, world } = this.#bench;
    const instants = Array.from({ length: 25 }, (_, index) => index);
    const instant = instants.find((index) => faults.strikes('process_killed', `instant ${index} of ${name}`));
    const share = (instant ?? 0) / 20 + chance.roll(`instant of ${name}`) / 20;
    if (instant !== undefined) {
      void world.clock.sleep(share * this.#makespanMs).then(() => {
        if (engine.life.over || !engine.running) return;
        faults.count('process_killed');
        world.say(`the process of ${name} is killed`);
        engine.life.end();
      });
    }
    if (!faults.strikes('execution_stopped', name)) return;
    void world.clock.sleep(chance.roll(`stop of ${name}`) * this.#makespanMs).then(() => {
      if (engine.life.over || !engine.running) return;
      faults.count('execution_stopped');
      world.say(`${name} is stopped`);
      engine.stop();
    });
  }

  async #complete(): Promise<boolean> {
    const content = await readContent(this.#bench.world.store, this.ref);
    return [...content.values()].every(({ outcome }) => outcome !== 'failed' && outcome !== 'blocked');
  }
}

/** An execution as the host that ran it knows it. */
const rememberedAs = ({ arn, startedAt, input }: Ended) => ({
  arn,
  started_at: new Date(startedAt).toISOString(),
  input,
});
