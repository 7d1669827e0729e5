import type { RunContext } from '../../../lib/contract/payloads.ts';
import type { Pointer } from '../../../lib/contract/published/pointer.ts';
import type { PublishSetting } from '../../../lib/contract/published/publish-setting.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { textEngine } from '../exploration/text-engine.ts';
import { aStart, aStep, attempt, stored, type World } from '../fixtures.ts';

export const setting: PublishSetting = { datasets: { load: ['orders'], join: ['revenue'] }, keep: 7 };
const steps = [aStep('load'), aStep('join', { dependencies: ['load'] })];

/** Begins an execution that takes turns, and runs its steps. */
export async function work(
  world: World,
  run_id: string,
  content: string,
  redrive = 0,
  salts: Record<string, string> = {},
): Promise<RunContext> {
  const start = aStart({ arn: `arn:${run_id}`, redrive, input: { daybreak: { run_id } } });
  const pipeline = { ...start.pipeline, overlap: { policy: 'skip' } as const };
  const started = await prepare({ ...start, pipeline }, world);
  if (!('run' in started)) throw new Error(JSON.stringify(started));
  const run = { ...started.run, salts };
  for (const step of steps)
    await attempt(
      world,
      { step, run },
      async (handler) => {
        const rows = [{ content }];
        await handler.write(step.name === 'load' ? 'orders' : 'revenue', rows, { columns: { content: 'VARCHAR' } });
        return { content };
      },
      { openEngine: textEngine },
    );
  return run;
}

export function end(world: World, run: RunContext, publish: PublishSetting | null = setting) {
  return finalize(
    {
      run,
      redrive_count: run.redrive_count,
      steps: [{ name: 'load' }, { name: 'join', dependencies: ['load'] }],
      ...(publish && { publish }),
    },
    world,
  );
}

/** A whole execution. */
export async function runOnce(world: World, run_id: string, content: string, publish = setting): Promise<RunContext> {
  const run = await work(world, run_id, content);
  await end(world, run, publish);
  // The engine says that it ended.
  world.executions.set(`arn:${run_id}`, 'SUCCEEDED');
  return run;
}

export function pointerOf(world: World): Promise<Pointer | null> {
  return stored<Pointer>(world.store, 'sales/published/current.json');
}

/** The store with other operations in some places. */
export function storeWith<S extends ObjectStore>(store: S, other: Partial<ObjectStore>): S {
  return new Proxy(store, {
    get: (target, name) => {
      const found = Reflect.get(name in other ? other : target, name) as unknown;
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
}
