import aslValidator from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { planPipeline } from '../../../lib/compiler/plan/plan-pipeline.ts';
import { emitMachine } from '../../../lib/compiler/states/emit-machine.ts';
import { substitute } from '../../../lib/compiler/states/placeholders.ts';
import type { RetryTemplate } from '../../../lib/compiler/template/template.ts';
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

/** The machine and each branch below it: each is one scope of variables. */
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
  test('Prepare and Finalize do not repeat a permanent error, such as a damaged lease', () => {
    const { definition } = machineOf([[]]);
    const retriers = [
      ...JSON.stringify(definition).matchAll(/"ErrorEquals":\["PermanentError","[^\]]*LeaseLost"\],"MaxAttempts":0/g),
    ];
    expect(retriers).toHaveLength(2);
  });

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

  test('a step that waits, yields and may ask for a delay, written out', () => {
    const dependencies = [[], [], [0], [0, 1]];
    const template = templateOfGraph(dependencies);
    const steps = template.steps.map((step, index) => (index === 3 ? { ...step, timeoutMs: 45 * 60_000 } : step));
    const plan = planPipeline({ ...template, steps }, graphOf(dependencies));
    const states = Object.assign(
      {},
      ...scopesOf(emitMachine(plan, code).definition as never).map((each) => each.States),
    );
    const waiting = plan.steps.find(({ awaits }) => awaits.length > 0);
    expect(waiting?.name).toBe('s003');
    const throttling = { ErrorEquals: ['Lambda.TooManyRequestsException'] };
    const patience = { MaxAttempts: 60, MaxDelaySeconds: 120, JitterStrategy: 'FULL' };
    expect(Object.fromEntries(Object.entries(states).filter(([name]) => name.startsWith('s003')))).toEqual({
      's003: wait': {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Arguments: {
          FunctionName: '{% $fn.wait %}',
          Payload:
            "{% $states.context.{'run':$run,'state':State,'redrives':Execution.RedriveCount,'token':Task.Token} %}",
        },
        TimeoutSeconds: 900,
        Retry: [{ ErrorEquals: ['States.TaskFailed'], ...patience }],
        Catch: [
          { ErrorEquals: ['States.Timeout'], Next: 's003: wait' },
          { ErrorEquals: ['States.ALL'], Output: {}, Next: 's003' },
        ],
        Next: 's003',
      },
      s003: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: {
          FunctionName: '{% $fn.f1 %}',
          Payload:
            "{% $states.context.{'run':$run,'state':State,'input':$states.input,'redrives':Execution.RedriveCount} %}",
        },
        Output: '{% $exists($states.result.Payload.yielded) ? {"yielded": $states.result.Payload.yielded} : {} %}',
        TimeoutSeconds: 960,
        Retry: [
          {
            ErrorEquals: ['PermanentError', 'ValidationError', 'Blocked', 'Settled', 'Exhausted', 'TryAgain'],
            MaxAttempts: 0,
          },
          { ...throttling, ...patience },
          {
            ErrorEquals: [
              'Lambda.ServiceException',
              'Lambda.AWSLambdaException',
              'Lambda.SdkClientException',
              'Lambda.ClientExecutionTimeoutException',
              'PlatformError',
            ],
            IntervalSeconds: 2,
            MaxAttempts: 5,
            JitterStrategy: 'FULL',
          },
          {
            ErrorEquals: ['Sandbox.Timedout', 'States.Timeout', 'StepTimedOut'],
            MaxAttempts: 2,
            JitterStrategy: 'FULL',
          },
          { ErrorEquals: ['States.ALL'], MaxAttempts: 2, JitterStrategy: 'FULL' },
        ],
        Catch: [
          { ErrorEquals: ['Blocked'], Next: 's003: end' },
          { ErrorEquals: ['TryAgain'], Next: 's003: delay' },
          {
            ErrorEquals: ['States.ALL'],
            Output:
              "{% $states.context.{'run':$run,'state':State,'input':$states.input,'failure':$states.errorOutput} %}",
            Next: expect.stringMatching(/^Failed \d$/),
          },
        ],
        Next: 's003: go on?',
      },
      's003: go on?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $exists($states.input.yielded) %}', Next: 's003' }],
        Default: 's003: end',
      },
      's003: delay': {
        Type: 'Wait',
        Seconds: "{% $number($split($split($states.input.Cause,'again after ')[1],' ')[0]) %}",
        Next: 's003',
      },
      's003: end': { Type: 'Succeed', Output: {} },
    });
    expect((states['Prepare run'] as State).Assign).toMatchObject({
      fn: { wait: '${Wait}', record: '${RecordFailure}', f1: '${Steps1024Mb900SFunction}' },
    });
  });

  test('steps of one graph share the way of a failure, which leads each to where its success would have', () => {
    const { definition } = machineOf([[], [0], [1]]);
    const states = definition.States as unknown as Record<string, State>;
    expect(
      ['s000', 's001', 's002'].map(
        (name) => (states[name] as unknown as { Catch: { Next: string }[] }).Catch.at(-1)?.Next,
      ),
    ).toEqual(Array(3).fill('Failed 1'));
    expect(states['Failed 1']).toEqual({
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: {
        FunctionName: '{% $fn.record %}',
        Payload: '{% $states.input %}',
      },
      Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 60, MaxDelaySeconds: 120, JitterStrategy: 'FULL' }],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.input.state.Name %}', Next: 'After failure 1' }],
      Output: '{% $states.input.state.Name %}',
      Next: 'After failure 1',
    });
    expect(states['After failure 1']).toEqual({
      Type: 'Choice',
      Choices: [
        { Condition: "{% $states.input='s001' %}", Output: {}, Next: 's002' },
        { Condition: "{% $states.input='s002' %}", Output: {}, Next: 'Finalize run' },
      ],
      Default: 's001',
      Output: {},
    });
  });

  test('at most twenty steps share one', () => {
    const chain = Array.from({ length: 45 }, (_, index) => (index === 0 ? [] : [index - 1]));
    const states = machineOf(chain).definition.States as unknown as Record<string, State>;
    const shared = Object.keys(states).filter((name) => name.startsWith('Failed '));
    expect(shared).toEqual(['Failed 1', 'Failed 2', 'Failed 3']);
    const leading = (to: string) => JSON.stringify(states).split(`"Next":"${to}"`).length - 1;
    expect(shared.map(leading)).toEqual([20, 20, 5]);
  });

  test('Finalize gets of each step what it is made of, so that a reader of the definition knows it too', () => {
    const { definition, steps } = machineOf([[], [0], [0, 1]]);
    const states = definition.States as unknown as Record<string, State>;
    const digest = (name: string) => Buffer.from(steps[name]?.definition ?? '', 'hex').toString('base64url');
    const made = (name: string, ...after: number[]) => [digest(name), 'c0de', ...after];
    // A step's dependencies are its direct ones as declared.
    expect((states['Finalize run'] as unknown as { Arguments: { Payload: object } }).Arguments.Payload).toMatchObject({
      steps: { s000: made('s000'), s001: made('s001', 0), s002: made('s002', 0, 1) },
    });
  });

  /** The retriers of a step with these retries. */
  const retriersOf = (retry: Partial<RetryTemplate>) => {
    const step = stepTemplate('load', [], { retry: { ...stepTemplate('', []).retry, ...retry } });
    const plan = planPipeline(templateOf([step]), { ...graphOf([[]]), names: ['load'], dependencies: new Map() });
    const machine = emitMachine(plan, code);
    const states = machine.definition.States as unknown as Record<string, State>;
    return { retriers: states.load?.Retry as { ErrorEquals: string[]; MaxAttempts?: number }[], states, machine };
  };

  test('retriers keep one budget each for permanent errors, throttling, the platform, time-outs and the step itself', () => {
    const { retriers } = retriersOf({ maxAttempts: 4, timeoutAttempts: 2, initialDelayMs: 2000, maxDelayMs: 5_000 });
    expect(retriers.slice(1)).toEqual([
      {
        ErrorEquals: ['Lambda.TooManyRequestsException'],
        MaxAttempts: 60,
        MaxDelaySeconds: 120,
        JitterStrategy: 'FULL',
      },
      expect.objectContaining({ IntervalSeconds: 2, MaxAttempts: 5, JitterStrategy: 'FULL' }),
      {
        ErrorEquals: ['Sandbox.Timedout', 'States.Timeout'],
        IntervalSeconds: 2,
        MaxAttempts: 1,
        JitterStrategy: 'FULL',
      },
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxDelaySeconds: 5, JitterStrategy: 'FULL' },
    ]);
  });

  test.each(['linear', 'fibonacci'] as const)('%s needs no more retriers: its functions know the delays', (backoff) => {
    const { retriers, machine } = retriersOf({ maxAttempts: 9, backoff, maxDelayMs: 8000 });
    expect(retriers).toHaveLength(5);
    expect(retriers.at(-1)).toEqual({
      ErrorEquals: ['States.ALL'],
      MaxAttempts: 8,
      BackoffRate: 1,
      JitterStrategy: 'FULL',
    });
    expect(machine.steps.load).toMatchObject({
      budgets: { step: 9, time_out: 9, platform: 6 },
      delays: { backoff, initial_seconds: 1, longest_seconds: 8, jitter: true },
    });
  });

  test('with one attempt there is no other to wait for', () => {
    const { retriers, states } = retriersOf({ maxAttempts: 1, timeoutAttempts: 2 });
    expect(retriers.slice(3)).toEqual([
      { ErrorEquals: ['Sandbox.Timedout', 'States.Timeout'], MaxAttempts: 1, JitterStrategy: 'FULL' },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 0 },
    ]);
    expect(Object.keys(states)).not.toContain('load: delay');
    expect(JSON.stringify(states.load?.Catch)).not.toContain('TryAgain');
  });

  test('a step that is not retryable is repeated only when Lambda refused to start it', () => {
    const { retriers } = retriersOf({ retryable: false, maxAttempts: 3 });
    expect(retriers.map(({ ErrorEquals, MaxAttempts }) => [ErrorEquals, MaxAttempts])).toEqual([
      [['PermanentError', 'ValidationError', 'Blocked', 'Settled', 'Exhausted', 'TryAgain'], 0],
      [['Lambda.TooManyRequestsException'], 60],
      [['Sandbox.Timedout', 'States.Timeout'], 0],
      [['States.ALL'], 0],
    ]);
  });

  const chain = (steps: number) => Array.from({ length: steps }, (_, step) => (step === 0 ? [] : [step - 1]));
  const wide = (steps: number) => Array.from({ length: steps }, () => []);
  const layered = (steps: number, layers: number, edges: number) =>
    layeredDependencies(steps, layers, edges, randomFrom(1));

  // All of the definition counts, also the states that each machine has once (`frame`). Names of steps have four characters here; each stands about ten times.
  test.each([
    ['a chain of 8', chain(8), 1_710],
    ['a chain of 150', chain(150), 1_450],
    ['8 side by side', wide(8), 2_000],
    ['150 side by side', wide(150), 1_760],
    // Two of the eight wait, and six are alone in their branches. The frame alone is 230.
    ['8 in layers', layered(8, 3, 11), 2_126],
    ['47 in layers', layered(47, 8, 66), 1_925],
    ['150 in layers', layered(150, 12, 220), 1_870],
    ['400 in layers', layered(400, 20, 600), 1_850],
    ['400 in dense layers', layered(400, 20, 1_200), 1_980],
    // Five dependencies for each step: two of three steps wait.
    ['400 with 2,000 edges', layered(400, 12, 2_000), 2_060],
  ])('%s: so many characters of definition per step, and a request within 1 MiB', (_, dependencies, most) => {
    const text = JSON.stringify(machineOf(dependencies).definition);
    const each = text.length / dependencies.length;
    expect(each).toBeLessThanOrEqual(most);
    expect(each).toBeGreaterThan(most - 20);
    // Escaped, as it travels; each placeholder becomes an ARN of at most 130 characters.
    const request = JSON.stringify(text.replace(/\$\{[^}]*\}/g, 'x'.repeat(130)));
    expect(request.length).toBeLessThan(1_048_576);
  });

  test('the frame, which each machine has once, has at most 2,000 characters', () => {
    const { States } = machineOf([[]]).definition as unknown as { States: Record<string, State> };
    const frame = Object.entries(States).filter(([name]) => !name.startsWith('s000'));
    expect(JSON.stringify(Object.fromEntries(frame)).length).toBeLessThanOrEqual(2_000);
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
    const known = ['Prepare', 'RecordFailure', 'Finalize', ...functions.map((fn) => fn.placeholder)];
    if (JSON.stringify(definition).includes('${Wait}')) known.push('Wait');
    expect([...used].sort()).toEqual(known.sort());
    expect(functions.flatMap((fn) => fn.steps).sort()).toEqual(
      Array.from({ length: 12 }, (_, i) => stepName(i)).sort(),
    );
  });
});
