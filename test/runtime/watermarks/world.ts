/** Runs of a pipeline that reads the new rows of a source: row 1 to the source's last one, with a watermark in place of a partition. */
import type { RunContext } from '../../../lib/contract/payloads.ts';
import type { PublishedVersion } from '../../../lib/contract/published/published-version.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import type { StepFunction } from '../../../lib/runtime/step.ts';
import { textEngine } from '../exploration/text-engine.ts';
import { aStart, aStep, attempt, stored, type World } from '../fixtures.ts';
import { pointerOf } from '../publish/world.ts';

export const load = aStep('load', { marks: true });
export const setting = { datasets: { load: ['orders'] }, keep: 7 };

/** Writes the rows after the mark, and sets it to the last one. */
export function newRows(last: number): StepFunction {
  return async (step) => {
    const mark = await step.watermark('row');
    const from = Number(mark.value ?? 0);
    const rows = Array.from({ length: Math.max(0, last - from) }, (_, index) => ({ id: from + index + 1 }));
    await step.write('orders', rows, { columns: { id: 'BIGINT' } });
    mark.set(last);
    return { from, last };
  };
}

export async function begin(world: World, run_id: string, execution = 1): Promise<RunContext> {
  const start = aStart({ arn: `arn:${run_id}-${execution}`, input: { daybreak: { run_id } } });
  const pipeline = { ...start.pipeline, overlap: { policy: 'skip' } as const };
  const started = await prepare({ ...start, pipeline }, world);
  if (!('run' in started)) throw new Error(JSON.stringify(started));
  return started.run;
}

/** One attempt of the step, which commits. */
export function extract(world: World, run: RunContext, handler: StepFunction, over: object = {}) {
  return attempt(world, { run, step: { ...load, ...over } }, handler, { openEngine: textEngine });
}

/** Ends the execution, and says how. */
export async function end(world: World, run: RunContext): Promise<string> {
  const payload = { run, redrive_count: 0, steps: [{ name: 'load' }], publish: setting };
  const how = await finalize(payload, world).then(
    () => 'SUCCEEDED',
    (error: Error) => error.message,
  );
  world.executions.set(run.execution_arn, 'SUCCEEDED');
  return how;
}

/** A whole execution while the source has this many rows. */
export async function runUpTo(world: World, run_id: string, last: number, execution = 1): Promise<string> {
  const run = await begin(world, run_id, execution);
  await extract(world, run, newRows(last));
  return end(world, run);
}

/** The marks of the current version. */
export async function current(world: World) {
  const row = (await pointerOf(world))?.partitions[0];
  return row?.versions.find(({ version }) => version === row.current)?.watermarks;
}

/** The result of the step in a version: the rows that it covers. */
export async function covered(store: ObjectStore, version: number): Promise<unknown> {
  const record = await stored<PublishedVersion>(store, `sales/published/versions/${version}.json`);
  return (await stored(store, record?.steps[0]?.manifest ?? ''))?.result;
}
