import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Json, JsonObject } from '../../../lib/contract/json.ts';
import { TaskFailure, type TaskRunner } from '../../../lib/offline/asl/api.ts';
import type { VisitExit } from '../../../lib/offline/asl/journal.ts';
import { Redrivable } from './redrivable.ts';
import { machine, task } from './run.ts';

/** A piece of a machine; pieces stand one after the other. */
type Piece =
  | { readonly kind: 'task'; readonly seconds: number; readonly retries: number; readonly caught: boolean }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'choice'; readonly chosen: readonly Piece[] }
  | { readonly kind: 'parallel'; readonly branches: readonly (readonly Piece[])[]; readonly retries: number }
  | { readonly kind: 'map'; readonly items: number; readonly width: number; readonly each: readonly Piece[] };

const pieces = fc.letrec<{ piece: Piece; sequence: Piece[] }>((tie) => ({
  sequence: fc.array(tie('piece'), { minLength: 1, maxLength: 3 }),
  piece: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('task' as const),
        seconds: fc.nat(3),
        retries: fc.nat(1),
        caught: fc.boolean(),
      }),
    },
    fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(3) }),
    fc.record({ kind: fc.constant('choice' as const), chosen: tie('sequence') }),
    fc.record({
      kind: fc.constant('parallel' as const),
      branches: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }),
      retries: fc.nat(1),
    }),
    fc.record({
      kind: fc.constant('map' as const),
      items: fc.nat(4),
      width: fc.nat(2),
      each: tie('sequence'),
    }),
  ),
})).sequence;

interface Options {
  /** True if a Parallel may be retried as a whole and errors may be caught: the set of tasks that ran once then depends on the faults. */
  readonly handlers: boolean;
}

/** Makes states of pieces. Each graph has its own variable, which identifies its threads; every Task in it and below it reads it. */
class Machine {
  readonly seconds = new Map<string, number>();
  #named = 0;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  graph(sequence: readonly Piece[], depth: number, inMap: boolean): { StartAt: string; States: JsonObject } {
    const start = this.#name('begin');
    const end = this.#name('end');
    const States: JsonObject = {};
    const first = this.#sequence(sequence, { States, depth, inMap, next: end });
    const own = `v${depth}`;
    States[start] = {
      Type: 'Pass',
      Assign: { [own]: inMap ? `{% '${start} ' & $string($states.context.Map.Item.Index) %}` : start },
      Next: first,
    };
    States[end] = { Type: 'Pass', Output: ['{% $states.input %}', `{% $${own} %}`], End: true };
    return { StartAt: start, States };
  }

  #sequence(sequence: readonly Piece[], into: Into): string {
    return sequence.toReversed().reduce((next, piece) => this.#piece(piece, { ...into, next }), into.next);
  }

  #piece(piece: Piece, into: Into): string {
    const { States, depth, inMap, next: Next } = into;
    const name = this.#name(piece.kind);
    const variables = Array.from({ length: depth + 1 }, (_, i) => `{% $v${i} %}`);
    const retries = (count: number): JsonObject =>
      count === 0 ? {} : { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: count, IntervalSeconds: 2 }] };
    switch (piece.kind) {
      case 'task':
        this.seconds.set(name, piece.seconds);
        States[name] = task({
          Arguments: {
            input: '{% $states.input %}',
            variables,
          },
          Output: '{% $states.result %}',
          Assign: { [`v${depth}`]: '{% $states.result %}' },
          ...retries(piece.retries),
          ...(piece.caught && this.#options.handlers && { Catch: [{ ErrorEquals: ['States.ALL'], Next }] }),
          Next,
        });
        break;
      case 'wait':
        States[name] = { Type: 'Wait', Seconds: piece.seconds, Next };
        break;
      case 'choice':
        States[name] = {
          Type: 'Choice',
          Choices: [{ Condition: `{% $v${depth} < "8" %}`, Next: this.#sequence(piece.chosen, into) }],
          Default: Next,
        };
        break;
      case 'parallel':
        States[name] = {
          Type: 'Parallel',
          Branches: piece.branches.map((branch) => this.graph(branch, depth + 1, inMap)),
          ...(this.#options.handlers && retries(piece.retries)),
          Next,
        };
        break;
      case 'map':
        States[name] = {
          Type: 'Map',
          Items: Array.from({ length: piece.items }, (_, i) => i),
          MaxConcurrency: piece.width,
          ItemProcessor: this.graph(piece.each, depth + 1, true),
          Next,
        };
    }
    return name;
  }

  #name(kind: string): string {
    this.#named += 1;
    return `${kind}${this.#named}`;
  }
}

interface Into {
  readonly States: JsonObject;
  readonly depth: number;
  readonly inMap: boolean;
  readonly next: string;
}

/** A task's result: equal for equal calls, different for different ones. */
const resultOf = (state: string, given: Json): string =>
  createHash('sha256')
    .update(JSON.stringify([state, given]))
    .digest('hex')
    .slice(0, 12);

const build = (sequence: readonly Piece[], options: Options) => {
  const made = new Machine(options);
  const { StartAt, States } = made.graph(sequence, 0, false);
  return { definition: machine(States, { StartAt }), seconds: made.seconds };
};

const exitsIn = (journal: string): VisitExit[] =>
  journal
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'exit');

const faults = {
  sequence: pieces,
  /** For each call of a task in its order: whether it fails. */
  failing: fc.array(
    fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    { maxLength: 60 },
  ),
  /** The number of characters that each life of the engine can write before it is killed. */
  kills: fc.array(fc.nat(3_000), { maxLength: 6 }),
};

interface Faults {
  readonly sequence: readonly Piece[];
  readonly failing: readonly boolean[];
  readonly kills: readonly number[];
}

/** Runs and redrives until success; `onCall` hears of every call with the exits that the journal then had. */
async function throughFaults(
  { sequence, failing, kills }: Faults,
  options: Options,
  onCall: (result: string, exits: readonly VisitExit[]) => void = () => undefined,
) {
  const { definition, seconds } = build(sequence, options);
  let calls = 0;
  let exits: VisitExit[] = [];
  const execution = new Redrivable(definition);
  const runTask: TaskRunner = async ({ state, arguments: given, signal }) => {
    const fails = failing[calls] === true;
    calls += 1;
    onCall(resultOf(state, given), exits);
    await execution.clock.sleep((seconds.get(state) ?? 0) * 1_000, signal).catch(() => undefined);
    if (fails) throw new TaskFailure('Broken', state);
    return resultOf(state, given);
  };
  execution.runTask = runTask;
  for (let life = 0; ; life += 1) {
    if (life > failing.length + kills.length) throw new Error('redrives do not come to an end');
    const killer = new AbortController();
    const left = kills[life];
    execution.mostCharacters = left === undefined ? null : execution.journal.length + left;
    execution.onFull = () => killer.abort();
    const result = await (life === 0 ? execution.start : execution.redrive).call(execution, { signal: killer.signal });
    exits = exitsIn(execution.journal);
    if (result.status === 'SUCCEEDED') return { output: result.output, exits };
  }
}

/** Random machines end with the output of a run without faults, through any failures and kills, and no state runs after it was left. */
export async function checkRedrives(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.record(faults), async (given) => {
      const options = { handlers: false };
      const undisturbed = await throughFaults({ ...given, failing: [], kills: [] }, options);
      const again: string[] = [];
      const disturbed = await throughFaults(given, options, (result, exits) => {
        if (exits.some(({ output }) => output === result)) again.push(result);
      });
      expect(again).toEqual([]);
      expect(disturbed.output).toEqual(undisturbed.output);
      const visits = disturbed.exits.map(({ visit }) => visit);
      expect(visits.toSorted()).toEqual([...new Set(visits)].sort());
      expect(visits.toSorted()).toEqual(undisturbed.exits.map(({ visit }) => visit).sort());
    }),
    { numRuns },
  );
}

/** Random machines with Catch and retried Parallel states end, and no visit is left twice. */
export async function checkCaughtRedrives(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.record(faults), async (given) => {
      const { exits } = await throughFaults(given, { handlers: true });
      const visits = exits.map(({ visit }) => visit);
      expect(new Set(visits).size).toBe(visits.length);
    }),
    { numRuns },
  );
}
