/** An overtaken attempt that loads a table, and a resume that would reuse the result of the first execution: they may meet at any line. */
import { executionKey, manifestsPrefix, outcomeKey } from '../../../lib/contract/object-keys.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import type { StepSpec } from '../../../lib/contract/step-spec.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { runStep } from '../../../lib/runtime/attempt/run-step.ts';
import { countsAsLater } from '../../../lib/runtime/manifests/later-load.ts';
import { announceLoad } from '../../../lib/runtime/manifests/target-loads.ts';
import { createJson, overwriteJson } from '../../../lib/runtime/records/json-objects.ts';
import { aStep } from '../fixtures.ts';
import type { Scenario, World } from './explore.ts';
import { exploredRun } from './explored-run.ts';
import type { Program } from './process.ts';

const time = Date.parse('2026-01-01T00:00:00.000Z');
const clock = { now: () => time, sleep: () => new Promise<void>(() => undefined) };
const table = 'outside/table';

interface Line {
  readonly execution: number;
  readonly rows: string;
}

/** The table with its ledger, in one object: a load is a transaction. */
async function load(store: ObjectStore, line: Line): Promise<void> {
  for (;;) {
    const known = await store.get(table);
    const facts = ({ execution }: Line) => ({ run_id: 'r', execution, turn: null });
    const before = known && (JSON.parse(Buffer.from(known.body).toString()) as Line);
    if (before && countsAsLater(facts(before), facts(line))) throw new Error('the ledger has a later load');
    const condition = known ? { ifMatch: known.etag } : { ifNoneMatch: '*' as const };
    if ((await store.put(table, JSON.stringify(line), condition)).written) return;
  }
}

/** One attempt of the step in an execution. Its definition stands for its rows. */
const attempt = (execution: number, rows: string): Program => {
  const step: StepSpec = aStep('a', { definition: rows });
  return async ({ store }) => {
    const run = { ...exploredRun, execution, execution_arn: `arn:${execution}` };
    if (execution > 1) await createJson(store, executionKey(run), { execution });
    const handler = async (own: object): Promise<string> => {
      await announceLoad(own);
      await load(store, { execution, rows });
      return rows;
    };
    const ports = {
      store,
      clock,
      tokens: { succeed: async () => 'gone' as const },
      executions: { status: async () => null },
    };
    await runStep(
      { run, step, attempt: 1, again: null, long: null, fresh: execution === 1 },
      { ports, invocationId: `i${execution}`, handler, writeLine: () => undefined },
    ).catch(() => undefined);
  };
};

/** The first execution has succeeded and loaded rows A. */
async function firstLoaded(): Promise<ReadonlyMap<string, string>> {
  const store = new MemoryObjectStore();
  await overwriteJson(store, executionKey({ ...exploredRun }), { execution: 1 });
  await attempt(1, 'A')({ store, tokens: { succeed: async () => 'gone' } });
  const objects = new Map<string, string>();
  for await (const { key } of store.list(''))
    objects.set(key, Buffer.from((await store.get(key))?.body ?? '').toString());
  if (!objects.get(table)?.includes('"A"')) throw new Error('the first execution did not load');
  return objects;
}

/** The second execution would make rows B; it is taken for dead, and the third one would make A again. */
export async function loadScenario(mutate?: Scenario<null>['mutate']): Promise<Scenario<null>> {
  return {
    programs: { second: attempt(2, 'B'), third: attempt(3, 'A') },
    objects: await firstLoaded(),
    start: {
      label: 'start',
      facts: null,
      start: [
        { name: 'second', program: 'second' },
        { name: 'third', program: 'third' },
      ],
    },
    happenings: ({ processes }) =>
      ['second'].flatMap((name) => {
        const process = processes.get(name);
        return !process || process.crashed || process.point.end
          ? []
          : [{ label: `${name} dies`, facts: null, crash: name }];
      }),
    check: () => null,
    checkEnd: checkTable,
    ...(mutate && { mutate }),
  };
}

/** The table has the rows of the result that the third execution settled. */
function checkTable({ objects }: World<null>): string | null {
  const read = <T>(key: string): T | null => JSON.parse(objects.get(key) ?? 'null') as T | null;
  const outcome = read<Outcome>(outcomeKey({ ...exploredRun, execution: 3 }, 'a'));
  if (!outcome?.manifest?.startsWith(manifestsPrefix(exploredRun, 'a'))) return 'the third execution settled no result';
  const { result } = read<Manifest>(outcome.manifest) ?? {};
  const { rows } = read<Line>(table) ?? {};
  return rows === result ? null : `the run's result is ${result}, and the table has the rows ${rows}`;
}
