import type { Json } from '../../../contract/json.ts';
import { stepIn } from '../../../contract/state-names.ts';
import type { StepSpecs } from '../../../contract/step-spec.ts';
import { TaskFailure } from '../../asl/api.ts';
import { asLambdaAnswers } from '../../host/as-lambda-answers.ts';
import type { Actor } from './actor.ts';
import type { Life } from './life.ts';
import { type Bench, Scope } from './scope.ts';

/** A function as it runs inside one invocation. */
export type FunctionBody = (event: Json, scope: Scope, deadline: number) => Promise<Json>;

export interface FaultyCall {
  readonly bench: Bench;
  readonly engine: Life;
  readonly label: string;
  readonly fn: string;
  readonly event: Json;
  readonly steps: StepSpecs;
  readonly timeoutSeconds: number;
  readonly body: FunctionBody;
}

/**
 * Invokes a function as Lambda does, faults included: it may be refused, run twice, die, run into its time-out and still continue, or succeed while its answer is lost. Rejects with a
 * TaskFailure as Step Functions would see it.
 */
export async function invokeFunction(call: FaultyCall): Promise<Json> {
  const { bench, label, engine } = call;
  const { faults, chance, world } = bench;
  await engine.hear(world.clock.sleep(1 + chance.roll(`start ${label}`) * 20));
  if (faults.happens('clock_jumped', label)) {
    const ahead = chance.between(`jump ${label}`, 1_000, 7_200_000);
    world.jump(ahead);
    world.say(`every clock jumps ahead by ${Math.round(ahead / 1000)} s`);
  }
  if (faults.happens('throttled', label)) {
    world.say(`${label} is throttled`);
    throw new TaskFailure('Lambda.TooManyRequestsException', 'Rate Exceeded.');
  }
  if (faults.happens('invoked_twice', label)) {
    const later = world.clock.sleep(chance.roll(`second ${label}`) * 3_000);
    world.keep(later);
    // Its answer is nobody's.
    later.then(() => runOnce({ ...call, label: `${label}, invoked twice` })).catch(() => undefined);
  }
  const answer = await runOnce(call);
  if (!faults.happens('function_answer_lost', label)) return answer;
  world.say(`${label} ended well, and its answer is lost`);
  throw new TaskFailure('Lambda.ServiceException', 'The answer was lost.');
}

async function runOnce({ bench, engine, label, fn, event, steps, timeoutSeconds, body }: FaultyCall): Promise<Json> {
  const { world, faults } = bench;
  if (engine.over) return null;
  const timeoutMs = timeoutSeconds * 1000;
  const invocation = label.replaceAll(/[^A-Za-z0-9]+/g, '-');
  const step = stepIn(event);
  const definition = (step !== null && steps[step]?.definition) || null;
  const actor: Actor = { label, fn, step, definition, invocation, event, beganAt: world.watch.time };
  const scope = new Scope(bench, actor, { engine, timeoutMs });
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => undefined);
  scope.life.onEnd(() =>
    over.reject(new TaskFailure('Runtime.ExitError', 'Runtime exited with error: signal: killed')),
  );
  const work = asLambdaAnswers(body(event, scope, scope.clock.now() + timeoutMs));
  // A finished environment is frozen: its unfinished work never continues.
  const ended = Promise.race([work, over.promise]).finally(() => scope.life.end());
  world.keep(ended);
  const timer = new AbortController();
  let timedOut: TaskFailure | null = null;
  const limit = engine.hear(world.clock.sleep(timeoutMs, timer.signal)).then(() => {
    const goesOn = faults.happens('zombie', label);
    faults.count('timed_out');
    world.say(`${label} times out${goesOn ? ' and goes on' : ''}`);
    timedOut = new TaskFailure('Sandbox.Timedout', `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`);
    if (!goesOn) scope.life.end();
    throw timedOut;
  });
  limit.catch(() => undefined);
  try {
    const answer = await engine.hear(Promise.race([limit, ended]));
    world.say(`${label} answers ${JSON.stringify(answer).slice(0, 1200)}`);
    return answer;
  } catch (caught) {
    const failure = timedOut ?? caught;
    if (failure instanceof TaskFailure) world.say(`${label} fails: ${failure.message.slice(0, 200)}`);
    throw failure;
  } finally {
    timer.abort();
  }
}
