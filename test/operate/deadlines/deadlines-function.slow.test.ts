import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { planPipeline } from '../../../lib/compiler/plan/plan-pipeline.ts';
import { stepSpecs } from '../../../lib/compiler/states/step-specs.ts';
import type { DeadlineState } from '../../../lib/contract/events/deadline-record.ts';
import { deadlinesKey, runKey } from '../../../lib/contract/object-keys.ts';
import { planFile } from '../../../lib/contract/step-spec.ts';
import { deadlineSettingsOf } from '../../../lib/deploy/function/deadline-settings-of.ts';
import { openStore } from '../../../lib/ports/open-store.ts';
import { readJson } from '../../../lib/runtime/records/json-objects.ts';
import { parseGood } from '../../compiler/template/parse.ts';
import { graphOf } from '../../support/graphs.ts';

const entry = new URL('../../../lambdas/platform/deadlines.ts', import.meta.url).href;

test('the deployed function reports a run that never started, once, and hears of data that comes later', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deadlines-'));
  try {
    const url = pathToFileURL(join(folder, 'store')).href;
    const store = await openStore(url);
    // The deadline was five minutes ago, wherever in the day that is.
    const now = Date.now();
    const time = (ago: number): string => new Date(now - ago * 60_000).toISOString().slice(11, 16);
    const [hour, minute] = time(30).split(':').map(Number);
    const plan = planPipeline(
      parseGood(
        `name: p\nschedule: { cron: "${minute} ${hour} * * *" }\ndeadline: { ready_by: "${time(5)}" }\nsteps: [{ name: s0, handler: a }]\n`,
      ),
      graphOf([[]]),
    );
    await writeFile(join(folder, planFile), JSON.stringify(stepSpecs(plan.steps, () => ({ digest: 'c' }))));
    const call = async (event: object): Promise<string> => {
      const code = `const { handler } = await import(${JSON.stringify(entry)}); console.log(JSON.stringify(await handler(${JSON.stringify(event)})));`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
        env: {
          PATH: process.env.PATH,
          DAYBREAK_STORE: url,
          DAYBREAK_PIPELINE: 'p',
          DAYBREAK_DEADLINES: JSON.stringify(deadlineSettingsOf(plan)),
          LAMBDA_TASK_ROOT: folder,
        },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
      await once(child, 'close');
      return output.trim();
    };
    const schedule = `${plan.schedule?.expression} UTC`;
    const since = new Date(now - 3_600_000).toISOString();
    await store.put(deadlinesKey('p'), JSON.stringify({ pipeline: 'p', schedule, since, deadlines: [] }));
    expect(await call({})).toBe('{"events":1}');
    expect(await call({})).toBe('{"events":0}');
    const state = await readJson<DeadlineState>(store, deadlinesKey('p'));
    expect(state?.deadlines).toMatchObject([{ missed: { execution: null, reported: true }, met: null }]);
    const run = { pipeline: 'p', run_id: state?.deadlines[0]?.run_id ?? '' };
    const ready = { source: 'daybreak', detail: { run_id: 'by-hand' } };
    await store.put(
      runKey({ ...run, run_id: 'by-hand' }),
      JSON.stringify({ ...run, created_at: since, input: {}, scheduled_time: null }),
    );
    expect(await call(ready)).toBe('{"events":0}');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
