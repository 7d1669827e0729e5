import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { PlatformError, RetryableError } from '../../../lib/contract/errors.ts';
import { attemptsKey, deadLetterKey, outcomeKey } from '../../../lib/contract/object-keys.ts';
import type { StepSpec } from '../../../lib/contract/payloads.ts';
import type { AttemptsRecord, DeadLetter, Outcome } from '../../../lib/contract/records.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { recordFailure } from '../../../lib/runtime/execution/record-failure.ts';
import type { Step } from '../../../lib/runtime/step.ts';
import { aRun, aStep, attempt, coreOf, errorOf, memoryWorld, stored, type World } from '../fixtures.ts';

const budgets = (step: number) => ({ step, time_out: 3, platform: 6 });
const retried = (step: number, over: Partial<StepSpec> = {}) => aStep('s', { budgets: budgets(step), ...over });
const fails = (error: Error) => () => Promise.reject(error);
const record = (world: World) => stored<AttemptsRecord>(world.store, attemptsKey(aRun(), 's'));

/** Ends an attempt without a word, as a dead process does: its handler never returns. */
async function crash(world: World, number: number, step: StepSpec, deadline?: number): Promise<void> {
  const started = Promise.withResolvers<void>();
  const handler = () => {
    started.resolve();
    return new Promise(() => undefined);
  };
  void attempt(world, { step, attempt: number }, handler, deadline === undefined ? {} : { deadline });
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

describe('an error that asks to be left alone', () => {
  test.each([
    [0, 2],
    [2, 2],
    [2.1, 5],
    [12, 30],
    [61, 120],
    [900, 900],
    [86_400, 900],
  ])('for %d s is retried after %d s', async (retryAfter, rung) => {
    const error = await errorOf(
      attempt(memoryWorld(), { step: retried(2) }, fails(new RetryableError('busy', { retryAfter }))),
    );
    expect(error).toMatchObject({ name: `RetryAfter.${rung}`, message: 'RetryableError: busy' });
  });

  test('longer than there is a delay for is told in the log', async () => {
    const lines: string[] = [];
    const writeLine = (line: string) => void lines.push(line);
    const busy = fails(new RetryableError('busy', { retryAfter: 901 }));
    await errorOf(attempt(memoryWorld(), { step: retried(2) }, busy, { writeLine }));
    expect(lines.join('\n')).toContain('901 s were asked for; the longest delay is 900 s');
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('for %d s does not ask for anything', async (retryAfter) => {
    const error = await errorOf(
      attempt(memoryWorld(), { step: retried(2) }, fails(new RetryableError('busy', { retryAfter }))),
    );
    expect(error.name).toBe(retryAfter === Number.POSITIVE_INFINITY ? 'RetryAfter.900' : 'RetryableError');
  });

  test('comes out of step.fetch for a server that says so', async () => {
    const server = createServer((_, response) => response.writeHead(429, { 'retry-after': '7' }).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const asks = (step: Step) => step.fetch(`http://127.0.0.1:${port}/users`);
      expect(await errorOf(attempt(memoryWorld(), { step: retried(3) }, asks))).toMatchObject({
        name: 'RetryAfter.10',
        message: expect.stringContaining('answered 429'),
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

describe('errors of a step that several retriers share', () => {
  test('count together, and the dead letter tells the real one', async () => {
    const world = memoryWorld();
    const step = retried(3);
    const names = [];
    for (const [index, error] of [
      new Error('first'),
      new RetryableError('busy', { retryAfter: 5 }),
      new RangeError('third: of all'),
    ].entries()) {
      names.push((await errorOf(attempt(world, { step, attempt: index + 1 }, fails(error)))).name);
      world.clock.pass(1000);
    }
    expect(names).toEqual(['Error', 'RetryAfter.5', 'AttemptsExhausted']);
    expect(await record(world)).toMatchObject({ step_errors: 3, apart: 1, counted: { attempt: 3 } });
    const Cause = JSON.stringify({ errorType: 'AttemptsExhausted', errorMessage: 'RangeError: third: of all' });
    const failure = { Error: 'AttemptsExhausted', Cause };
    await recordFailure({ run: aRun(), step: coreOf(step), failure, attempts: 3 }, world);
    expect(await stored<DeadLetter>(world.store, deadLetterKey(aRun(), 's'))).toMatchObject({
      failure: { error: 'RangeError', cause: 'third: of all' },
      attempts: 3,
    });
  });

  test('keep their names while one retrier counts them all', async () => {
    const world = memoryWorld();
    for (const number of [1, 2, 3]) {
      world.clock.pass(1000);
      const error = await errorOf(attempt(world, { step: retried(3), attempt: number }, fails(new RangeError('x'))));
      expect(error.name).toBe('RangeError');
    }
  });

  test('climb the delays of linear and fibonacci, and stay on the last', async () => {
    const world = memoryWorld();
    const names = [];
    for (const number of [1, 2, 3, 4, 5]) {
      world.clock.pass(1000);
      const step = retried(5, { backoff: 2 });
      names.push((await errorOf(attempt(world, { step, attempt: number }, fails(new RangeError('x'))))).name);
    }
    expect(names).toEqual(['Backoff.1', 'Backoff.2', 'Backoff.2', 'Backoff.2', 'AttemptsExhausted']);
  });

  test('end the step when the last of them was a crash: the next attempt does not run', async () => {
    const world = memoryWorld();
    const step = retried(2);
    await errorOf(attempt(world, { step }, fails(new RetryableError('busy', { retryAfter: 5 }))));
    world.clock.pass(5000);
    await crash(world, 2, step);
    world.clock.pass(1000);
    let ran = false;
    const error = await errorOf(
      attempt(world, { step, attempt: 3 }, () => {
        ran = true;
      }),
    );
    expect([error.name, ran]).toEqual(['AttemptsExhausted', false]);
    const failure = { Error: error.name, Cause: JSON.stringify({ errorMessage: error.message }) };
    await recordFailure({ run: aRun(), step: coreOf(step), failure, attempts: 3 }, world);
    expect(await stored<Outcome>(world.store, outcomeKey(aRun(), 's'))).toMatchObject({
      attempts: 2,
      failure: { error: 'Runtime.ExitError', cause: 'attempt 2 ended without a word: its process died' },
    });
  });
});

describe('isLastAttempt', () => {
  /** How attempts before can end, and whether that spends the budget of the step. */
  const endings: Record<string, (world: World, number: number, step: StepSpec) => Promise<unknown>> = {
    error: (world, number, step) => errorOf(attempt(world, { step, attempt: number }, fails(new Error('x')))),
    rest: (world, number, step) =>
      errorOf(attempt(world, { step, attempt: number }, fails(new RetryableError('x', { retryAfter: 5 })))),
    crash,
    throttled: async () => undefined,
    'time-out': async (world, number, step) => {
      await crash(world, number, step, world.clock.now() + 60_000);
      world.clock.pass(60_000);
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    },
    platform: (world, number, step) =>
      errorOf(attempt(world, { step, attempt: number }, fails(new PlatformError('503')))),
    'unrecorded error': (world, number, step) => {
      const broken = refusing(world, (key) => key.includes('/attempts/'));
      return errorOf(attempt(broken, { step, attempt: number }, fails(new Error('x'))));
    },
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
    for (const [index, ending] of before.entries()) {
      await endings[ending]?.(world, index + 1, retried(step));
      world.clock.pass(1000);
    }
    let seen: boolean | null = null;
    await attempt(world, { step: retried(step), attempt: before.length + 1 }, (handed) => {
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
    expect(first.filter((call) => call.includes('progress'))).toEqual(['put steps/s/progress.json']);
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

  test('begins anew when a redrive enters the state again', async () => {
    const world = memoryWorld();
    const step = retried(3);
    for (const number of [1, 2]) {
      await errorOf(attempt(world, { step, attempt: number }, fails(new RetryableError('x', { retryAfter: 5 }))));
      world.clock.pass(5000);
    }
    const again = await errorOf(
      attempt(world, { step, attempt: 1 }, fails(new RetryableError('x', { retryAfter: 5 }))),
    );
    expect(again.name).toBe('RetryAfter.5');
    expect(await record(world)).toMatchObject({ step_errors: 1, counted: { attempt: 1 } });
  });
});
