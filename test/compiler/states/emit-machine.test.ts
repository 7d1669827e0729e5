import aslValidator from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { planPipeline } from '../../../lib/compiler/plan/plan-pipeline.ts';
import { emitMachine } from '../../../lib/compiler/states/emit-machine.ts';
import { substitute } from '../../../lib/compiler/states/placeholders.ts';
import { loadMachine } from '../../../lib/offline/asl/load-machine.ts';
import { graphOf, layeredDependencies, randomDependencies, randomFrom, stepName } from '../../support/graphs.ts';
import { sized } from '../../support/sized.ts';
import { stepTemplate, templateOf, templateOfGraph } from '../../support/templates.ts';

type State = Record<string, unknown> & {
  Type: string;
  Branches?: { StartAt: string; States: Record<string, State> }[];
};

const code = () => 'c0de';

const machineOf = (dependencies: readonly (readonly number[])[]) =>
  emitMachine(planPipeline(templateOfGraph(dependencies), graphOf(dependencies)), code);

/** All states of a machine with the names of its own scope. */
function scopesOf(machine: { StartAt: string; States: Record<string, State> }): (typeof machine)[] {
  return [machine, ...Object.values(machine.States).flatMap((state) => (state.Branches ?? []).flatMap(scopesOf))];
}

/** Targets of a state: wherever it can go. */
function targetsOf(state: State): string[] {
  const rules = [...((state.Catch as { Next: string }[]) ?? []), ...((state.Choices as { Next: string }[]) ?? [])];
  return [state.Next, state.Default, ...rules.map((rule) => rule.Next)].filter(
    (next) => next !== undefined,
  ) as string[];
}

describe('emitted machines', () => {
  test('asl-validator finds nothing in machines of random graphs', () => {
    const random = randomFrom(11);
    for (let round = 0; round < sized(2, 8); round++) {
      const dependencies = randomDependencies(1 + Math.floor(random() * 25), random() * 0.5, random);
      const backoff = (['none', 'linear', 'exponential', 'fibonacci'] as const)[round % 4] ?? null;
      const template = templateOfGraph(dependencies);
      const steps = template.steps.map((step, index) => ({
        ...step,
        timeoutMs: index % 3 === 0 ? 3_600_000 : null,
        retry: { ...step.retry, backoff, maxAttempts: 7 },
      }));
      const { definition } = emitMachine(planPipeline({ ...template, steps }, graphOf(dependencies)), code);
      loadMachine(JSON.parse(JSON.stringify(definition)));
      const findings = aslValidator(structuredClone(definition), { checkArn: true, checkPaths: true });
      expect(findings.errors).toEqual([]);
      expect(findings.isValid).toBe(true);
    }
  });

  test('every target is in its own scope, every state is reachable, every path ends, and no name comes twice', () => {
    const { definition } = machineOf(layeredDependencies(47, 8, 66, randomFrom(12)));
    const scopes = scopesOf(definition as never);
    expect(scopes.length).toBeGreaterThan(5);
    const all = scopes.flatMap((scope) => Object.keys(scope.States));
    expect(new Set(all).size).toBe(all.length);
    for (const scope of scopes) {
      const reached = new Set([scope.StartAt]);
      for (const name of reached) {
        const state = scope.States[name];
        expect(state, name).toBeDefined();
        const targets = state ? targetsOf(state) : [];
        for (const target of targets) reached.add(target);
        expect(state?.End === true || state?.Type === 'Succeed' || targets.length > 0, `${name} ends`).toBe(true);
      }
      expect([...reached].sort()).toEqual(Object.keys(scope.States).sort());
    }
  });

  test.each([
    [{ policy: 'allow', key: null }, 24 * 60, undefined, null],
    [{ policy: 'skip', key: 'a.${b}' }, 24 * 60, { policy: 'skip', key: '{% "a.\\u0024\\u007bb\\u007d" %}' }, null],
    [{ policy: 'queue', key: null }, 60, { policy: 'queue' }, 30],
    [{ policy: 'queue', key: null }, 24 * 60, { policy: 'queue' }, 44],
  ] as const)('overlap %j of runs of %d minutes', (overlap, maxDurationMinutes, payload, seconds) => {
    const template = { ...templateOfGraph([[]]), overlap, maxDurationMinutes };
    const { definition } = emitMachine(planPipeline(template, graphOf([[]])), code);
    expect(aslValidator(structuredClone(definition), { checkArn: true, checkPaths: true }).errors).toEqual([]);
    const states = definition.States as unknown as Record<string, State>;
    const prepare = states['Prepare run'] as unknown as { Arguments: { Payload: { pipeline: { overlap?: object } } } };
    expect(prepare.Arguments.Payload.pipeline.overlap).toEqual(payload);
    expect(states['Wait for turn']).toEqual(
      seconds === null ? undefined : { Type: 'Wait', Seconds: seconds, Next: 'Prepare run' },
    );
  });

  test('nothing inside a Parallel can fail uncaught: each Task there catches every error', () => {
    const { definition } = machineOf(layeredDependencies(30, 5, 45, randomFrom(13)));
    const [, ...inner] = scopesOf(definition as never);
    const tasks = inner.flatMap((scope) => Object.values(scope.States)).filter((state) => state.Type === 'Task');
    expect(tasks.length).toBeGreaterThan(60);
    for (const task of tasks) {
      const catchers = task.Catch as { ErrorEquals: string[] }[];
      expect(catchers.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
    }
  });

  test('a wait comes before its step, and there is at most one per step', () => {
    const dependencies = layeredDependencies(47, 8, 66, randomFrom(14));
    const plan = planPipeline(templateOfGraph(dependencies), graphOf(dependencies));
    const states = scopesOf(emitMachine(plan, code).definition as never).flatMap((scope) =>
      Object.entries(scope.States),
    );
    const waits = states.filter(([, state]) => String(state.Resource).endsWith('.waitForTaskToken'));
    const waiting = plan.steps.filter((step) => step.awaits.length > 0);
    expect(waits.map(([name]) => name).sort()).toEqual(waiting.map((step) => `${step.name}: wait`).sort());
    for (const [name, state] of waits) expect(`${state.Next}: wait`).toBe(name);
  });

  test('a step with more than 15 minutes goes round in functions of 15, and only such a step does', () => {
    const step = { ...stepTemplate('load', []), timeoutMs: 45 * 60_000 };
    const plan = planPipeline(templateOf([step]), { ...graphOf([[]]), names: ['load'], dependencies: new Map() });
    const machine = emitMachine(plan, code);
    const states = machine.definition.States as unknown as Record<string, State>;
    expect(machine.functions.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([900]);
    expect(states.load).toMatchObject({ TimeoutSeconds: 960, Next: 'load: go on?' });
    expect(states['load: go on?']).toEqual({
      Type: 'Choice',
      Choices: [{ Condition: '{% $exists($states.input.yielded) %}', Next: 'load' }],
      Default: 'Finalize run',
    });
    const short = planPipeline(templateOf([{ ...step, timeoutMs: 15 * 60_000 }]), {
      ...graphOf([[]]),
      names: ['load'],
      dependencies: new Map(),
    });
    expect(Object.keys(emitMachine(short, code).definition.States as object)).not.toContain('load: go on?');
  });

  test('retriers keep one budget each for permanent errors, the platform, time-outs and the step itself', () => {
    const step = stepTemplate('load', [], {
      retry: {
        retryable: true,
        maxAttempts: 4,
        platformAttempts: null,
        timeoutAttempts: 2,
        backoff: 'exponential',
        initialDelayMs: 2000,
        maxDelayMs: 30_000,
        jitter: 'full',
      },
    });
    const plan = planPipeline(templateOf([step]), { ...graphOf([[]]), names: ['load'], dependencies: new Map() });
    const states = emitMachine(plan, code).definition.States as unknown as Record<string, State>;
    const rest = { BackoffRate: 1 };
    expect(states.load?.Retry).toEqual([
      {
        ErrorEquals: ['PermanentError', 'ValidationError', 'Blocked', 'AlreadySettled', 'AttemptsExhausted'],
        MaxAttempts: 0,
      },
      {
        ErrorEquals: [
          'Lambda.ServiceException',
          'Lambda.AWSLambdaException',
          'Lambda.SdkClientException',
          'Lambda.ClientExecutionTimeoutException',
          'Lambda.TooManyRequestsException',
          'PlatformError',
        ],
        IntervalSeconds: 2,
        MaxAttempts: 5,
        MaxDelaySeconds: 30,
        JitterStrategy: 'FULL',
      },
      {
        ErrorEquals: ['Sandbox.Timedout', 'States.Timeout', 'StepTimedOut'],
        IntervalSeconds: 2,
        MaxAttempts: 1,
        JitterStrategy: 'FULL',
      },
      { ErrorEquals: ['RetryAfter.2'], IntervalSeconds: 2, ...rest },
      { ErrorEquals: ['RetryAfter.5'], IntervalSeconds: 5, ...rest },
      { ErrorEquals: ['RetryAfter.10'], IntervalSeconds: 10, ...rest },
      { ErrorEquals: ['RetryAfter.30'], IntervalSeconds: 30, ...rest },
      { ErrorEquals: ['RetryAfter.60'], IntervalSeconds: 60, ...rest },
      { ErrorEquals: ['RetryAfter.120'], IntervalSeconds: 120, ...rest },
      { ErrorEquals: ['RetryAfter.300'], IntervalSeconds: 300, ...rest },
      { ErrorEquals: ['RetryAfter.900'], IntervalSeconds: 900, ...rest },
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxDelaySeconds: 30, JitterStrategy: 'FULL' },
    ]);
  });

  test('fibonacci has one retrier per delay, the last for all that are as long', () => {
    const retry = { ...stepTemplate('', []).retry, maxAttempts: 9, backoff: 'fibonacci', maxDelayMs: 8000 } as const;
    const step = stepTemplate('load', [], { retry });
    const plan = planPipeline(templateOf([step]), { ...graphOf([[]]), names: ['load'], dependencies: new Map() });
    const states = emitMachine(plan, code).definition.States as unknown as Record<string, State>;
    const JitterStrategy = 'FULL';
    const retriers = states.load?.Retry as { ErrorEquals: string[] }[];
    expect(retriers.filter(({ ErrorEquals: [name] }) => name?.startsWith('Backoff.'))).toEqual([
      { ErrorEquals: ['Backoff.1'], MaxAttempts: 1, JitterStrategy },
      { ErrorEquals: ['Backoff.2'], MaxAttempts: 1, JitterStrategy },
      { ErrorEquals: ['Backoff.3'], IntervalSeconds: 2, MaxAttempts: 1, JitterStrategy },
      { ErrorEquals: ['Backoff.4'], IntervalSeconds: 3, MaxAttempts: 1, JitterStrategy },
      { ErrorEquals: ['Backoff.5'], IntervalSeconds: 5, MaxAttempts: 1, JitterStrategy },
      { ErrorEquals: ['Backoff.6'], IntervalSeconds: 8, BackoffRate: 1, JitterStrategy },
    ]);
    expect(retriers.at(-1)).toEqual({ ErrorEquals: ['States.ALL'], MaxAttempts: 8, BackoffRate: 1, JitterStrategy });
    const told = { budgets: { step: 9, time_out: 9, platform: 6 }, backoff: 6 };
    expect(states.load?.Arguments).toMatchObject({ Payload: { step: told } });
  });

  test('with one attempt there is nobody to ask to be left alone', () => {
    const retry = { ...stepTemplate('', []).retry, maxAttempts: 1, timeoutAttempts: 2 };
    const step = stepTemplate('load', [], { retry });
    const plan = planPipeline(templateOf([step]), { ...graphOf([[]]), names: ['load'], dependencies: new Map() });
    const states = emitMachine(plan, code).definition.States as unknown as Record<string, State>;
    const retriers = states.load?.Retry as { ErrorEquals: string[]; MaxAttempts: number }[];
    expect(retriers.slice(2)).toEqual([
      { ErrorEquals: ['Sandbox.Timedout', 'States.Timeout', 'StepTimedOut'], MaxAttempts: 1, JitterStrategy: 'FULL' },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 0 },
    ]);
  });

  test('a step that is not retryable is repeated only when Lambda refused to start it', () => {
    const step = stepTemplate('pay', [], {
      retry: {
        retryable: false,
        maxAttempts: 3,
        platformAttempts: null,
        timeoutAttempts: null,
        backoff: null,
        initialDelayMs: null,
        maxDelayMs: null,
        jitter: null,
      },
    });
    const plan = planPipeline(templateOf([step]), { ...graphOf([[]]), names: ['pay'], dependencies: new Map() });
    const states = emitMachine(plan, code).definition.States as unknown as Record<string, State>;
    const retriers = states.pay?.Retry as { ErrorEquals: string[]; MaxAttempts: number }[];
    expect(retriers.map(({ ErrorEquals, MaxAttempts }) => [ErrorEquals, MaxAttempts])).toEqual([
      [['PermanentError', 'ValidationError', 'Blocked', 'AlreadySettled', 'AttemptsExhausted'], 0],
      [['Lambda.TooManyRequestsException'], 5],
      [['Sandbox.Timedout', 'States.Timeout', 'StepTimedOut'], 0],
      [['States.ALL'], 0],
    ]);
  });

  test('steps with equal settings share one function; with `functions: separate` each handler has one, and names that CloudFormation cannot tell apart get a number', () => {
    const handler = { callable: 'load', entry: 'lambdas/steps/test/load.ts', export: 'handler', initialization: {} };
    const steps = [
      stepTemplate('load_a', [], { handler }),
      stepTemplate('load_b', [], { handler: { ...handler, initialization: { region: 'b' } } }),
      stepTemplate('load-a', [], { handler, memoryMb: 2048 }),
    ];
    const plan = planPipeline(templateOf(steps), {
      ...graphOf([[], [], []]),
      names: ['load_a', 'load_b', 'load-a'],
      dependencies: new Map(),
    });
    expect(emitMachine(plan, code).functions.map((fn) => [fn.placeholder, fn.steps])).toEqual([
      ['Steps1024Mb900SFunction', ['load_a', 'load_b']],
      ['Steps2048Mb900SFunction', ['load-a']],
    ]);
    const separate = emitMachine({ ...plan, functions: 'separate' }, code).functions;
    expect(separate.map((fn) => [fn.placeholder, fn.steps])).toEqual([
      ['LoadAFunction', ['load_a', 'load_b']],
      ['LoadA2Function', ['load-a']],
    ]);
  });
});

describe('placeholders', () => {
  test('each is replaced by its value, and one that nothing stands for is an error', () => {
    expect(substitute('{"a":"${Wait}","b":"${Queue}"}', { Wait: 'arn', Queue: 'http://"q"' })).toBe(
      '{"a":"arn","b":"http://\\"q\\""}',
    );
    expect(() => substitute('"${Other}"', { Wait: 'arn' })).toThrow('"Other"');
    expect(() => substitute('"${constructor}"', {})).toThrow('"constructor"');
  });

  test('every placeholder of a machine is one of the platform or of its functions', () => {
    const { definition, functions } = machineOf(randomDependencies(12, 0.3, randomFrom(15)));
    const used = new Set([...JSON.stringify(definition).matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name));
    const known = [
      'Prepare',
      'RecordFailure',
      'Finalize',
      'DeadLetterQueueUrl',
      ...functions.map((fn) => fn.placeholder),
    ];
    if (JSON.stringify(definition).includes('${Wait}')) known.push('Wait');
    expect([...used].sort()).toEqual(known.sort());
    expect(functions.flatMap((fn) => fn.steps).sort()).toEqual(
      Array.from({ length: 12 }, (_, i) => stepName(i)).sort(),
    );
  });
});
