/**
 * Explores every interleaving of processes, with all events that a scenario allows between their operations.
 *
 * States that were seen are not explored again. That is sound: a state holds the objects, the tokens, what each process has been answered and the scenario's own
 * facts, and nothing else can make two futures differ. Processes that run the same program are interchangeable.
 *
 * Partial-order reduction: an operation that commutes with everything that others can do, now and later, is done at once instead of at every later moment as well
 * (`isStable`). Interleavings are counted exactly, by adding up the ways through the graph of states (it has no circles: series of answers only grow); each stands for all that
 * differ from it only in the order of such operations.
 */
import { isStable } from './is-stable.ts';
import { type Answer, type Operation, type Point, type Program, Programs } from './process.ts';

interface Process {
  readonly program: string;
  readonly point: Point;
  readonly crashed?: true;
}

/** `live`: a state of the machine waits for it; `dead`: the state went on without it. */
type Token = 'live' | 'answered' | 'dead';

export interface World<Facts> {
  readonly objects: ReadonlyMap<string, string>;
  readonly tokens: ReadonlyMap<string, Token>;
  readonly processes: ReadonlyMap<string, Process>;
  readonly facts: Facts;
}

/** Something that happens beside the processes' operations: a crash, a time-out, a lost answer. */
export interface Happening<Facts> {
  readonly label: string;
  readonly facts: Facts;
  readonly crash?: string;
  readonly kill?: string;
  /** A new process and its program, with the token that its state waits for. */
  readonly start?: readonly { readonly name: string; readonly program: string; readonly token?: string }[];
  /** Does the first pending operation of a process and loses the answer. */
  readonly loseAnswerOf?: string;
}

export interface Scenario<Facts> {
  readonly programs: Readonly<Record<string, Program>>;
  readonly start: Happening<Facts>;
  /** The objects in the store before; none by default. */
  readonly objects?: ReadonlyMap<string, string>;
  /** The events that may happen now, or not. */
  happenings(world: World<Facts>): readonly Happening<Facts>[];
  /** The machine's next act, at once, because a process ended; null when it waits. */
  react?(world: World<Facts>): Happening<Facts> | null;
  /** A violated property of any state, or null. */
  check(world: World<Facts>, last: Operation | null): string | null;
  /** A violated property of a state in which nothing more can happen, or null. */
  checkEnd(world: World<Facts>): string | null;
  /** Keys that are only ever created, never written over; checked. None when a mutation writes over them. */
  writtenOnce?(key: string): boolean;
  /** Keys below which each is written by one process alone, and read by others only after that process went on; checked. */
  ownedByOne?(key: string): boolean;
  /** Keys of records whose answers no process decides on in this scenario. */
  unobserved?(key: string): boolean;
  /** Set when no check looks at how processes ended: all ends are one. */
  readonly endsDoNotMatter?: true;
  /** Replaces an operation (`operation`), or its answer (`answer`): takes out a part of the protocol, to see that the exploration notices. */
  mutate?(operation: Operation, process: string): { readonly operation?: Operation; readonly answer?: Answer };
}

export interface Explored {
  readonly states: number;
  readonly interleavings: bigint;
  /** The number of different ends on which each check of an end was made. */
  readonly ends: number;
}

/** Explores all; throws an error that tells the way to the first violation. */
export async function explore<Facts>(scenario: Scenario<Facts>): Promise<Explored> {
  const programs = new Programs(scenario.programs, scenario.unobserved);
  const seen = new Map<string, bigint>();
  const path: string[] = [];
  let ends = 0;
  const fail = (what: string): never => {
    throw new Error(`${what}\n${path.map((line, index) => `${index + 1}. ${line}`).join('\n')}`);
  };

  const visit = async (from: World<Facts>, last: Operation | null): Promise<bigint> => {
    const world = await settleReactions(from);
    const wrong = scenario.check(world, last);
    if (wrong) fail(wrong);
    const key = keyOf(world, scenario.endsDoNotMatter ?? false);
    const known = seen.get(key);
    if (known !== undefined) return known;
    let ways = 0n;
    const pending = [...world.processes].flatMap(([name, { program, point, crashed }]) =>
      crashed ? [] : point.pending.map((request) => ({ name, program, point, ...request })),
    );
    const stable = pending.find(({ operation }) => isStable(world, operation, scenario));
    for (const { name, program, point, index, operation } of stable ? [stable] : pending) {
      const mutation = scenario.mutate?.(operation, name) ?? {};
      const done = apply(world, mutation.operation ?? operation);
      const answer = mutation.answer ?? done.answer;
      const found = programs.answer(program, point, index, answer);
      const next = found instanceof Promise ? await found : found;
      path.push(`${name}: ${show(operation)} -> ${show(answer)}`);
      ways += await visit(withProcess(done.world, name, { program, point: next }), operation);
      path.pop();
    }
    // A lost answer changes what the process itself does next, so it does not commute with the operation.
    const happenings = scenario.happenings(world).filter((one) => !stable || one.loseAnswerOf === stable.name);
    for (const happening of happenings) {
      path.push(`(${happening.label})`);
      ways += await visit(await happen(world, happening), null);
      path.pop();
    }
    if (ways === 0n) {
      const unfinished = scenario.checkEnd(world);
      if (unfinished) fail(unfinished);
      ends += 1;
      ways = 1n;
    }
    seen.set(key, ways);
    return ways;
  };

  const settleReactions = async (world: World<Facts>): Promise<World<Facts>> => {
    const reaction = scenario.react?.(world);
    return reaction ? settleReactions(await happen(world, reaction)) : world;
  };

  const happen = async (world: World<Facts>, happening: Happening<Facts>): Promise<World<Facts>> => {
    const tokens = new Map(world.tokens);
    const processes = new Map(world.processes);
    let { objects } = world;
    const { crash, kill, start = [], loseAnswerOf } = happening;
    const victim = crash === undefined ? undefined : processes.get(crash);
    if (crash !== undefined && victim) processes.set(crash, { ...victim, crashed: true });
    if (kill !== undefined) tokens.set(kill, 'dead');
    const loser = loseAnswerOf === undefined ? undefined : processes.get(loseAnswerOf);
    const lost = loser?.point.pending[0];
    if (loseAnswerOf !== undefined && loser && lost) {
      objects = apply(world, lost.operation).world.objects;
      const point = await programs.answer(loser.program, loser.point, lost.index, { lost: true });
      processes.set(loseAnswerOf, { ...loser, point });
    }
    for (const { name, program, token } of start) {
      processes.set(name, { program, point: await programs.start(program) });
      if (token !== undefined) tokens.set(token, 'live');
    }
    return { objects, tokens, processes, facts: happening.facts };
  };

  const empty = {
    objects: scenario.objects ?? new Map(),
    tokens: new Map(),
    processes: new Map(),
    facts: scenario.start.facts,
  };
  const interleavings = await visit(await happen(empty, scenario.start), null);
  return { states: seen.size, interleavings, ends };
}

/** Does an operation at once, as store and tokens would. */
function apply<Facts>(world: World<Facts>, operation: Operation): { world: World<Facts>; answer: Answer } {
  if (operation.kind === 'get') return { world, answer: { value: world.objects.get(operation.key) ?? null } };
  if (operation.kind === 'succeed') {
    const live = world.tokens.get(operation.token) === 'live';
    const tokens = live ? new Map(world.tokens).set(operation.token, 'answered') : world.tokens;
    return { world: { ...world, tokens }, answer: { value: live } };
  }
  if (operation.kind === 'list') {
    const keys = [...world.objects.keys()].filter((key) => key.startsWith(operation.prefix)).sort();
    return { world, answer: { value: JSON.stringify(keys) } };
  }
  if (operation.kind === 'delete') {
    const objects = new Map(world.objects);
    objects.delete(operation.key);
    return { world: { ...world, objects }, answer: { value: true } };
  }
  const { key, body, ifNoneMatch, ifMatch } = operation;
  const existing = world.objects.get(key);
  if (ifNoneMatch !== undefined && existing !== undefined) return { world, answer: { value: false } };
  if (ifMatch !== undefined && existing !== ifMatch) return { world, answer: { value: false } };
  return { world: { ...world, objects: new Map(world.objects).set(key, body) }, answer: { value: true } };
}

const withProcess = <Facts>(world: World<Facts>, name: string, process: Process): World<Facts> => ({
  ...world,
  processes: new Map(world.processes).set(name, process),
});

const texts = new Map<string, number>();
const textId = (text: string): number => {
  const id = texts.get(text) ?? texts.size;
  texts.set(text, id);
  return id;
};

function keyOf<Facts>({ objects, tokens, processes, facts }: World<Facts>, endsDoNotMatter: boolean): string {
  const stored: string[] = [];
  for (const [key, body] of objects) stored.push(`${textId(key)}=${textId(body)}`);
  const running: string[] = [];
  for (const { program, point, crashed } of processes.values()) {
    if (crashed || (point.end && endsDoNotMatter)) continue;
    running.push(point.end ? `${program} ended ${textId(endOf(point))}` : `${program}@${point.id}`);
  }
  return `${stored.sort()}|${[...tokens].sort()}|${running.sort()}|${JSON.stringify(facts)}`;
}

const ends = new WeakMap<Point, string>();
function endOf(point: Point): string {
  const { end } = point;
  const text = ends.get(point) ?? (end && 'value' in end ? JSON.stringify(end.value) : String(end?.error)) ?? '';
  ends.set(point, text);
  return text;
}

const show = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 220 ? `${text.slice(0, 220)}…` : text;
};
