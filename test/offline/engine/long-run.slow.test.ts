import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadPipeline } from '../../../lib/compiler/load-pipeline.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { Progress } from '../../../lib/offline/engine/run-options.ts';
import { runPipeline } from '../../../lib/offline/engine/run-pipeline.ts';
import { localFolders } from '../../../lib/offline/kept/local-folders.ts';
import { FolderObjectStore } from '../../../lib/ports/folder/folder-object-store.ts';
import { handlerOf, project } from '../../cli/project.ts';
import { dataPorts, readAll } from '../../data/data-ports.ts';
import { stored } from '../../runtime/fixtures.ts';

const template = `name: long
version: 1.0.0
steps:
  - name: extract
    handler: { callable: extract }
    timeout: 16m
    retry: { max_attempts: 4, initial_delay: 1, jitter: none }
`;

/** Rows 1 to 60 in 6 seconds; its process dies once, in the second invocation. */
const extract = `
  const { existsSync, writeFileSync } = await import('node:fs');
  const rows = step.writer('rows', { columns: { id: 'BIGINT' } });
  for (let id = (step.checkpoint?.cursor ?? 0) + 1; id <= 60; id += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await rows.append([{ id }]);
    if (step.checkpoint && !existsSync(process.env.DIED)) {
      writeFileSync(process.env.DIED, 'once');
      process.exit(1);
    }
    await step.yieldIfDue({ cursor: id });
  }
  return { rows: rows.rowCount };`;

test('in real processes a step yields, dies, goes on from its checkpoint, and has each row once', async () => {
  const root = await project({ 'pipelines/long.yaml': template, 'lambdas/steps/long/extract.ts': handlerOf(extract) });
  const options = { root, environment: null, allowMissingHandlers: false };
  const pipeline = await loadPipeline(join(root, 'pipelines/long.yaml'), options);
  if (!pipeline.ok) throw new Error(JSON.stringify(pipeline.diagnostics));
  // The machine is that of 16 minutes on functions of 15; only here a function has no more than 2.5 seconds.
  const functions = pipeline.machine.functions.map((fn) => ({
    ...fn,
    timeoutSeconds: 2.5,
    environment: { DIED: join(root, 'died') },
  }));
  const told: Progress[] = [];
  await runPipeline({
    pipeline: { ...pipeline, machine: { ...pipeline.machine, functions } },
    root,
    storeFolder: join(root, 'store'),
    input: {},
    data: null,
    onProgress: (progress) => told.push(progress),
    signal: new AbortController().signal,
  });
  const started = told.filter((progress) => progress.type === 'step-started');
  expect(started.slice(0, 3).map(({ attempt, invocation }) => [attempt, invocation])).toEqual([
    [1, 1],
    [1, 2],
    [2, 1],
  ]);
  expect(new Set(started.map(({ attempt }) => attempt))).toEqual(new Set([1, 2]));
  expect(started.length).toBeGreaterThan(3);

  const store = new FolderObjectStore(localFolders(join(root, 'store'), 'long').store);
  const keys: string[] = [];
  for await (const { key } of store.list('long/runs/')) if (key.includes('/manifests/')) keys.push(key);
  const manifest = await stored<Manifest>(store, keys[0] ?? '');
  const rows: unknown[] = [];
  for (const entry of Object.values(manifest?.datasets ?? {}))
    rows.push(...(await readAll(dataPorts(store), entry)).map(({ id }) => id));
  expect(rows).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  expect(manifest).toMatchObject({ attempt: 2, result: { rows: 60 } });
});
