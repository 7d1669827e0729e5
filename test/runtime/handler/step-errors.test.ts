import { describe, expect, test } from 'vitest';
import { errorNames, neverRetried, platformFaults, timeOuts } from '../../../lib/contract/error-names.ts';
import * as errors from '../../../lib/contract/errors.ts';
import { aStep, attempt, errorOf, memoryWorld } from '../fixtures.ts';

const { PermanentError, PlatformError, RetryableError, ValidationError } = errors;

const thrownBy = (thrown: unknown): Promise<Error> =>
  errorOf(
    attempt(memoryWorld(), { step: aStep('s') }, () => {
      throw thrown;
    }),
  );
const named = (name: string, message = 'original') => Object.assign(new Error(message), { name });

class CustomerMissing extends PermanentError {
  override readonly name = 'CustomerMissing';
}

describe('error names are a contract', () => {
  test('every error class has the name that the compiler writes into Retry and Catch', () => {
    expect([
      new errors.PermanentError('').name,
      new errors.RetryableError('').name,
      new errors.ValidationError('').name,
      new errors.PlatformError('').name,
      new errors.BlockedError('').name,
      new errors.AlreadySettledError('').name,
      new errors.InvalidInputError('', []).name,
      new errors.PipelineFailedError('').name,
    ]).toEqual([
      errorNames.permanent,
      errorNames.retryable,
      errorNames.validation,
      errorNames.platform,
      errorNames.blocked,
      errorNames.settled,
      errorNames.invalidInput,
      errorNames.pipelineFailed,
    ]);
  });

  test('the names are what templates, alarms and dead letters of yesterday say', () => {
    expect(errorNames).toEqual({
      permanent: 'PermanentError',
      retryable: 'RetryableError',
      validation: 'ValidationError',
      blocked: 'Blocked',
      settled: 'Settled',
      exhausted: 'Exhausted',
      tryAgain: 'TryAgain',
      platform: 'PlatformError',
      stepTimedOut: 'StepTimedOut',
      invalidInput: 'InvalidInput',
      pipelineFailed: 'PipelineFailed',
      leaseLost: 'LeaseLost',
      outcomeMissing: 'OutcomeMissing',
    });
    expect(neverRetried).toEqual(['PermanentError', 'ValidationError', 'Blocked', 'Settled', 'Exhausted', 'TryAgain']);
  });
});

describe('what a handler throws', () => {
  test.each([
    [new PermanentError('gone'), 'PermanentError', 'gone'],
    [new ValidationError('bad', ['row 1']), 'ValidationError', 'bad\n- row 1'],
    [new RetryableError('later'), 'RetryableError', 'later'],
    [
      new RetryableError('later', { retryAfter: 5 }),
      'TryAgain',
      'again after 5 s (attempt 1, entry 1): RetryableError: later',
    ],
    [new PlatformError('the store does not answer'), 'PlatformError', 'the store does not answer'],
    [new RangeError('own'), 'RangeError', 'own'],
    [named('CrmDown'), 'CrmDown', 'original'],
    [new CustomerMissing('42'), 'PermanentError', 'CustomerMissing: 42'],
  ])('keeps a name with a meaning: %s', async (thrown, name, message) => {
    expect(await thrownBy(thrown)).toMatchObject({ name, message });
  });

  test.each([
    ...platformFaults,
    ...timeOuts,
    'States.ALL',
    'States.TaskFailed',
    'Lambda.Unknown',
    'Runtime.ExitError',
    'TryAgain',
    'Exhausted',
  ])("spends the step's own budget although it is called %s", async (name) => {
    expect(await thrownBy(named(name))).toMatchObject({ name: 'Error', message: `${name}: original` });
  });

  test.each(['Blocked', 'Settled', 'Exhausted', 'InvalidInput', 'PipelineFailed', 'a b', 'x'.repeat(200), '1', '\n'])(
    "cannot pass for the runtime's own %j",
    async (name) => {
      expect(await thrownBy(named(name))).toMatchObject({ name: 'Error', message: `${name}: original` });
    },
  );

  const trap = new Proxy(new Error('x'), {
    get: () => {
      throw new Error('trap');
    },
    getPrototypeOf: () => {
      throw new Error('trap');
    },
  });
  test.each([
    ['an empty name', named(''), 'Error', 'original'],
    ['a text', 'just text', 'Error', 'just text'],
    ['nothing', undefined, 'Error', 'undefined'],
    ['null', null, 'Error', 'null'],
    ['an object that pretends', { name: 'PermanentError', message: 'not an Error' }, 'Error', 'not an Error'],
    ['a symbol', Symbol('s'), 'Error', 'Symbol(s)'],
    ['an object without a prototype', Object.create(null), 'Error', '[Object: null prototype] {}'],
    ['a proxy that throws', trap, 'Error', 'Error: x'],
  ])('may be anything: %s', async (_what, thrown, name, message) => {
    const error = await thrownBy(thrown);
    expect(error.name).toBe(name);
    expect(error.message).toContain(message);
  });

  test('fits into a cause, however long it is', async () => {
    expect((await thrownBy(new Error('x'.repeat(100_000)))).message.length).toBeLessThan(9_000);
  });
});

describe('shortly before its time-out', () => {
  const slow = async (thrown: () => unknown, passes: number) => {
    const world = memoryWorld();
    const running = attempt(
      world,
      { step: aStep('s') },
      (step) => new Promise((_, reject) => step.signal.addEventListener('abort', () => reject(thrown()))),
      { deadline: world.clock.now() + 60_000 },
    );
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    world.clock.pass(passes);
    return errorOf(running);
  };

  test('the signal tells a step five seconds ahead, and an error that it throws then spends the budget of time-outs', async () => {
    expect(await slow(() => new RetryableError('stopped'), 55_000)).toMatchObject({ name: 'Sandbox.Timedout' });
  });

  test('a permanent failure stays permanent', async () => {
    expect(await slow(() => new PermanentError('for good'), 55_000)).toMatchObject({ name: 'PermanentError' });
  });
});
