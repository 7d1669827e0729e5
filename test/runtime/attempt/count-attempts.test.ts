import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { PlatformError, RetryableError } from '../../../lib/contract/errors.ts';
import { attemptsKey, deadLetterKey, outcomeKey } from '../../../lib/contract/object-keys.ts';
import type { AttemptsRecord } from '../../../lib/contract/records/attempts.ts';
import type { DeadLetter } from '../../../lib/contract/records/dead-letter.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import type { StepPayload } from '../../../lib/contract/resolve-event.ts';
import type { StepSpec } from '../../../lib/contract/step-spec.ts';
import { readTryAgain } from '../../../lib/contract/try-again.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { recordFailure } from '../../../lib/runtime/execution/record-failure.ts';
import type { Step } from '../../../lib/runtime/step.ts';
import { aRun, aStep, attempt, errorOf, memoryWorld, stored, type World } from '../fixtures.ts';

const budgets = (step: number) => ({ step, time_out: 3, platform: 6 });
const retried = (step: number, over: Partial<StepSpec> = {}) => aStep('s', { budgets: budgets(step), ...over });
const fails = (error: Error) => () => Promise.reject(error);
const record = (world: World) => stored<AttemptsRecord>(world.store, attemptsKey(aRun(), 's'));

/** Ends an attempt without a word, as a dead process does: its handler never returns. */
async function crash(
  world: World,
  payload: Pick<StepPayload, 'step' | 'attempt'> & Partial<StepPayload>,
  deadline?: number,
): Promise<void> {
  const started = Promise.withResolvers<void>();
  const handler = () => {
    started.resolve();
    return new Promise(() => undefined);
  };
  void attempt(world, payload, handler, deadline === undefined ? {} : { deadline });
  await started.promise;
}

type Method = 'get' | 'put';

/** The world with a look at, or a word in, every read and write of a whole object. */
function through(world: World, before: (method: Method, key: string) => void): World {
  const own = world.store;
  const store: ObjectStore = {
    url: own.url,
    get: async (key) => {
      before('get', key);
      return own.get(key);
    },
    put: async (key, body, options) => {
      before('put', key);
      return own.put(key, body, options);
    },
    read: (key) => own.read(key),
    write: (key, body) => own.write(key, body),
    upload: (key, file, options) => own.upload(key, file, options),
    download: (key, file, options) => own.download(key, file, options),
    list: (prefix) => own.list(prefix),
    delete: (key) => own.delete(key),
  };
  return { ...world, store: store as World['store'] };
}

/** A store that refuses some writes. */
const refusing = (world: World, refuses: (key: string) => boolean): World =>
  through(world, (method, key) => {
    if (method === 'put' && refuses(key)) throw new PlatformError('503');
  });

/** A step as the machine drives it: it knows which attempt comes next, and whether the one before asked for a delay. */
class Driven {
  readonly #world: World;
  readonly #step: StepSpec;
  #attempt = 1;
  #again: StepPayload['again'] = null;

  constructor(world: World, step: StepSpec) {
    this.#world = world;
    this.#step = step;
  }

  get next(): Pick<StepPayload, 'step' | 'attempt' | 'again'> {
    return { step: this.#step, attempt: this.#attempt, again: this.#again };
  }

  /** The attempt could not be started, or its process died. */
  skip(): void {
    this.#attempt += 1;
  }

  /** Runs the next attempt, and gives the error with which it ends. A second passes. */
  async fails(error: Error, world = this.#world): Promise<Error> {
    const thrown = await errorOf(attempt(world, this.next, fails(error)));
    const asked = thrown.name === 'TryAgain' ? readTryAgain(thrown.message) : null;
    if (asked) this.#again = { attempt: asked.attempt, entry: asked.entry };
    this.skip();
    this.#world.clock.pass(1000);
    return thrown;
  }
}

const asked = (retryAfter: number) => new RetryableError('busy', { retryAfter });

describe('an error that asks for a delay', () => {
  test.each([
    [0, 1],
    [2, 2],
    [2.1, 3],
    [12, 12],
    [901, 901],
    [86_400, 86_400],
    [86_401, 86_400],
    [Number.POSITIVE_INFINITY, 86_400],
  ])('of %d s gets its next attempt after %d s', async (retryAfter, seconds) => {
    const error = await errorOf(attempt(memoryWorld(), { step: retried(2) }, fails(asked(retryAfter))));
    expect(error).toMatchObject({
      name: 'TryAgain',
      message: `again after ${seconds} s (attempt 1, entry 1): RetryableError: busy`,
    });
  });

  test('longer than the longest delay is reported in the log', async () => {
    const lines: string[] = [];
    const writeLine = (line: string) => void lines.push(line);
    await errorOf(attempt(memoryWorld(), { step: retried(2) }, fails(asked(86_401)), { writeLine }));
    expect(lines.join('\n')).toContain('the error asks for 86401 s; the longest delay is 86400 s');
  });

  test.each([-1, Number.NaN])('of %d s does not ask for anything', async (retryAfter) => {
    const error = await errorOf(attempt(memoryWorld(), { step: retried(2) }, fails(asked(retryAfter))));
    expect(error.name).toBe('RetryableError');
  });

  test('comes out of step.fetch for a server that says so', async () => {
    const server = createServer((_, response) => response.writeHead(429, { 'retry-after': '7' }).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const asks = (step: Step) => step.fetch(`http://127.0.0.1:${port}/users`);
      expect(await errorOf(attempt(memoryWorld(), { step: retried(3) }, asks))).toMatchObject({
        name: 'TryAgain',
        message: expect.stringMatching(/^again after 7 s .*answered 429/),
      });
    } finally {
      server.close();
    }
  });

  test('is an error like any other for a step with one attempt', async () => {
    const world = memoryWorld();
    const busy = fails(new RetryableError('busy', { retryAfter: 5 }));
    expect(await errorOf(attempt(world, { step: retried(1) }, busy))).toMatchObject({ name: 'RetryableError' });
    expect(await record(world)).toBeNull();
  });
});

describe('errors of a step', () => {
  test('count together, and the dead letter has the real one', async () => {
    const world = memoryWorld();
    const step = retried(3);
    const driven = new Driven(world, step);
    const thrown = [];
    for (const error of [new Error('first'), asked(5), new RangeError('third: of all')])
      thrown.push((await driven.fails(error)).name);
    expect(thrown).toEqual(['Error', 'TryAgain', 'Exhausted']);
    expect(await record(world)).toMatchObject({ step_errors: 3, rested: 1, counted: { attempt: 3 } });
    const Cause = JSON.stringify({ errorType: 'Exhausted', errorMessage: 'RangeError: third: of all' });
    const failure = { Error: 'Exhausted', Cause };
    await recordFailure({ run: aRun(), step, failure, attempts: 3 }, world);
    expect(await stored<DeadLetter>(world.store, deadLetterKey(aRun(), 's'))).toMatchObject({
      failure: { error: 'RangeError', cause: 'third: of all' },
      attempts: 3,
    });
  });

  test('keep their names while a retrier of the machine counts them all', async () => {
    const driven = new Driven(memoryWorld(), retried(3));
    for (const _ of [1, 2, 3]) expect((await driven.fails(new RangeError('x'))).name).toBe('RangeError');
  });

  test.each([
    ['linear', [3, 6, 9, 10, 10]],
    ['fibonacci', [3, 3, 6, 9, 10]],
  ] as const)('wait longer each time under %s, up to the longest delay', async (backoff, seconds) => {
    const delays = { backoff, initial_seconds: 3, longest_seconds: 10, jitter: false };
    const driven = new Driven(memoryWorld(), retried(6, { delays }));
    for (const [index, delay] of seconds.entries())
      expect((await driven.fails(new RangeError('x'))).message).toBe(
        `again after ${delay} s (attempt ${index + 1}, entry ${index + 1}): RangeError: x`,
      );
    expect(await driven.fails(new RangeError('x'))).toMatchObject({
      name: 'Exhausted',
      message: 'RangeError: x',
    });
  });

  test('double on from where they were after one that asked for its own delay', async () => {
    const driven = new Driven(memoryWorld(), retried(9));
    const thrown = [];
    for (const error of [new RangeError('x'), asked(30), new RangeError('x'), asked(7), new RangeError('x')])
      thrown.push(await driven.fails(error));
    // The first delay is the retrier's own, of 1 s.
    expect(thrown.map(({ message }) => readTryAgain(message)?.seconds ?? null)).toEqual([null, 30, 2, 7, 4]);
  });

  test.each([
    [0, 1],
    [0.04, 1],
    [0.37, 4],
    [0.999, 10],
  ])('with jitter wait for a random part of the delay: %d of it', async (random, seconds) => {
    const delays = { backoff: 'linear', initial_seconds: 10, longest_seconds: 10, jitter: true } as const;
    const error = await errorOf(
      attempt(memoryWorld(), { step: retried(3, { delays }) }, fails(new Error('x')), { random: () => random }),
    );
    expect(error.message).toBe(`again after ${seconds} s (attempt 1, entry 1): Error: x`);
  });

  test('end the step when the last of them was a crash: the next attempt does not run', async () => {
    const world = memoryWorld();
    const step = retried(2);
    const driven = new Driven(world, step);
    await driven.fails(asked(5));
    await crash(world, driven.next);
    driven.skip();
    world.clock.pass(1000);
    let ran = false;
    const error = await errorOf(
      attempt(world, driven.next, () => {
        ran = true;
      }),
    );
    expect([error.name, ran]).toEqual(['Exhausted', false]);
    const failure = { Error: error.name, Cause: JSON.stringify({ errorMessage: error.message }) };
    await recordFailure({ run: aRun(), step, failure, attempts: 3 }, world);
    expect(await stored<Outcome>(world.store, outcomeKey(aRun(), 's'))).toMatchObject({
      attempts: 2,
      failure: { error: 'Runtime.ExitError', cause: 'attempt 2 ended without a record: its process died' },
    });
  });
});

describe('other budgets after a delay', () => {
  const step = aStep('s', { budgets: { step: 5, time_out: 2, platform: 2 } });

  test('hold over the whole step, although the retriers of the machine begin again', async () => {
    const world = memoryWorld();
    const driven = new Driven(world, step);
    const thrown = [];
    for (const error of [new PlatformError('503'), asked(5), new PlatformError('504')])
      thrown.push(await driven.fails(error));
    expect(thrown.map(({ name, message }) => [name, message])).toEqual([
      ['PlatformError', '503'],
      ['TryAgain', 'again after 5 s (attempt 2, entry 1): RetryableError: busy'],
      ['Exhausted', 'PlatformError: 504'],
    ]);
  });

  test('of time-outs, which kill the attempt, show at the next one', async () => {
    const world = memoryWorld();
    const driven = new Driven(world, step);
    for (const _ of [1, 2]) {
      await crash(world, driven.next, world.clock.now() + 60_000);
      world.clock.pass(60_000);
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      driven.skip();
      if (driven.next.attempt === 2) await driven.fails(asked(5));
    }
    const error = await errorOf(attempt(world, driven.next, () => 1));
    expect(error).toMatchObject({
      name: 'Exhausted',
      message: 'Sandbox.Timedout: 2 attempts ran into a time-out, 0 into faults of the platform',
    });
  });

  test('are the retriers’ own business before it', async () => {
    const driven = new Driven(memoryWorld(), step);
    for (const _ of [1, 2]) expect((await driven.fails(new PlatformError('503'))).name).toBe('PlatformError');
  });
});

describe('isLastAttempt', () => {
  /** The ends of earlier attempts, and whether each spends the step's budget. */
  const endings: Record<string, (world: World, driven: Driven) => Promise<unknown>> = {
    error: (_, driven) => driven.fails(new Error('x')),
    rest: (_, driven) => driven.fails(asked(5)),
    crash: async (world, driven) => {
      await crash(world, driven.next);
      driven.skip();
    },
    throttled: async (_, driven) => driven.skip(),
    'time-out': async (world, driven) => {
      await crash(world, driven.next, world.clock.now() + 60_000);
      driven.skip();
      world.clock.pass(60_000);
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    },
    platform: (_, driven) => driven.fails(new PlatformError('503')),
    'unrecorded error': (world, driven) =>
      driven.fails(
        new Error('x'),
        refusing(world, (key) => key.includes('/attempts/')),
      ),
  };

  test.each([
    [1, [], true],
    [2, [], false],
    [2, ['error'], true],
    [3, ['error'], false],
    [3, ['error', 'rest'], true],
    [3, ['crash'], false],
    [3, ['crash', 'error'], true],
    [3, ['error', 'crash'], true],
    [3, ['throttled', 'throttled', 'throttled', 'throttled'], false],
    [3, ['time-out', 'time-out', 'error'], false],
    [2, ['time-out', 'throttled', 'platform', 'throttled'], false],
    [2, ['time-out', 'throttled', 'platform', 'crash', 'throttled'], true],
    [3, ['platform', 'platform', 'error', 'throttled', 'rest', 'time-out'], true],
    [2, ['unrecorded error'], true],
    [3, ['unrecorded error', 'throttled', 'time-out'], false],
  ] as const)('of %d attempts after %j is %s', async (step, before, last) => {
    const world = memoryWorld();
    const driven = new Driven(world, retried(step));
    for (const ending of before) {
      await endings[ending]?.(world, driven);
      world.clock.pass(1000);
    }
    let seen: boolean | null = null;
    await attempt(world, driven.next, (handed) => {
      seen = handed.isLastAttempt;
    });
    expect(seen).toBe(last);
  });

  test('a process that could not write that the store failed remembers it', async () => {
    const world = memoryWorld();
    let broken = false;
    const moody = refusing(world, () => broken);
    await errorOf(
      attempt(moody, { step: retried(2) }, () => {
        broken = true;
        throw new PlatformError('503');
      }),
    );
    broken = false;
    world.clock.pass(1000);
    let seen: boolean | null = null;
    await attempt(moody, { step: retried(2), attempt: 2 }, (handed) => {
      seen = handed.isLastAttempt;
    });
    expect(seen).toBe(false);
  });
});

describe('the attempts record', () => {
  test('is not touched by attempts that succeed, and only read after an attempt that went wrong', async () => {
    const world = memoryWorld();
    const calls: string[] = [];
    const watched = through(world, (method, key) => calls.push(`${method} ${key.split('/').slice(3).join('/')}`));
    await attempt(watched, { step: retried(3) }, () => 1);
    const first = calls.splice(0);
    expect(first.filter((call) => call.includes('attempts/'))).toEqual([]);
    expect(first.filter((call) => call.includes('progress'))).toEqual([]);
    await attempt(watched, { run: aRun({ execution: 2 }), step: retried(3), attempt: 2 }, () => 1);
    expect(calls.filter((call) => call.includes('attempts/') || call.includes('progress'))).toEqual([]);
    calls.length = 0;
    const run = aRun({ run_id: 'r2' });
    await attempt(watched, { run, step: retried(3), attempt: 2 }, () => 1);
    expect(calls.filter((call) => call.includes('attempts/') || call.includes('progress'))).toEqual([
      'get steps/s/progress.json',
      'get executions/1/attempts/s.json',
      'put steps/s/progress.json',
    ]);
  });

  test('counts an attempt once, however often it runs, and a late one not at all', async () => {
    const world = memoryWorld();
    const step = retried(5);
    const late = Promise.withResolvers<never>();
    const lateAttempt = errorOf(attempt(world, { step }, () => late.promise));
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    world.clock.pass(1000);
    await Promise.all(
      [1, 2].map(() =>
        errorOf(attempt(world, { step, attempt: 2 }, fails(new RetryableError('x', { retryAfter: 1 })))),
      ),
    );
    late.reject(new Error('late'));
    expect((await lateAttempt).message).toBe('late');
    // The first attempt has no end when the second starts, so it counts as a crash; its own late word changes nothing.
    expect(await record(world)).toMatchObject({ step_errors: 2, counted: { attempt: 2 } });
  });

  test('begins again when a redrive enters the state again', async () => {
    const world = memoryWorld();
    const driven = new Driven(world, retried(3));
    for (const _ of [1, 2]) await driven.fails(asked(5));
    const again = await errorOf(attempt(world, { step: retried(3) }, fails(asked(5))));
    expect(again.message).toMatch(/^again after 5 s/);
    expect(await record(world)).toMatchObject({ step_errors: 1, counted: { attempt: 1 } });
  });
});
