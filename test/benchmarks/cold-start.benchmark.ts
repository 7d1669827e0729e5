/**
 * The time that our code adds to a cold start: `npm run benchmark:cold -- [rounds]`. Lambda's own time comes on top. Each function's deployed bundle is loaded in
 * a new process on one processor, alternating with a process that loads an empty module.
 * On an idle machine wall time and processor time are equal; on a busy one only processor time counts.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions, platformBundle } from '../../lib/bundle/bundle-functions.ts';
import type { BundleFiles } from '../../lib/bundle/bundle-handlers.ts';
import type { FunctionEntry } from '../../lib/bundle/function-entry.ts';
import { duckdbLayer } from '../../lib/bundle/layers/duckdb-layer.ts';
import { runtimeLayer } from '../../lib/bundle/layers/runtime-layer.ts';
import { handlerFile, type SharedFunction, sharedKey } from '../../lib/bundle/shared-index.ts';
import { findPipelines } from '../../lib/compiler/find-pipelines.ts';
import { loadPipeline } from '../../lib/compiler/load-pipeline.ts';
import type { WaitEvent } from '../../lib/contract/payloads.ts';
import { machineFunctions } from '../../lib/contract/platform-functions.ts';
import { sharedFunction } from '../../lib/deploy/compile/shared-function.ts';
import { packageRoot } from '../../lib/package/package-files.ts';

const rounds = Number(process.argv[2] ?? 15);
/** Milliseconds that our code may add. */
const targets = { handler: 60, query: 150 };

interface Subject {
  readonly name: string;
  readonly folder: string;
  readonly target: number | null;
}

const scratch = mkdtempSync(join(tmpdir(), 'daybreak-cold-'));
const layer = await duckdbLayer(process.arch === 'arm64' ? 'arm64' : 'x86_64');

/** A function's folder with a program that loads the handler, runs `use`, and prints its processor time. */
let folders = 0;
const folderWith = (files: BundleFiles, use = ''): string => {
  const folder = join(scratch, `f${folders}`);
  folders += 1;
  mkdirSync(folder, { recursive: true });
  const program = `const end = () => {
      const { user, system } = process.cpuUsage();
      process.stdout.write(String((user + system) / 1000), () => process.exit(0));
    };
    const { handler } = await import('./index.mjs');
    ${use}
    end();`;
  for (const [name, content] of Object.entries({ ...files, 'start.mjs': program })) {
    writeFileSync(join(folder, name), content);
  }
  return folder;
};

/** Stands for /opt/nodejs/daybreak. */
const runtime = join((await runtimeLayer(join(scratch, 'runtime'), 'benchmark')).folder, 'nodejs/daybreak');

const bundled = async (root: string, steps: readonly SharedFunction[]) => {
  const report = ({ message }: { readonly message: string }): never => {
    throw new Error(message);
  };
  return bundleFunctions(steps, { root, report, runtime });
};

/** The code of a platform function, as the index that the program loads. */
const ofPlatform = (placeholder: string): BundleFiles => ({
  'index.mjs': platformBundle({ runtime }).files[`${placeholder}.mjs`] ?? new Uint8Array(),
});

const pipelines = async (): Promise<Subject[]> => {
  const options = { root: packageRoot, environment: null, allowMissingHandlers: false };
  const loaded = await Promise.all((await findPipelines(packageRoot)).map((path) => loadPipeline(path, options)));
  const functions = loaded.flatMap((one) =>
    one.ok
      ? one.machine.functions.map((fn) => ({
          fn: sharedFunction(fn),
          name: `${one.plan.name}: ${fn.steps.join(', ')}`,
        }))
      : [],
  );
  const bundles = await bundled(
    packageRoot,
    functions.map(({ fn }) => fn),
  );
  return [
    ...functions.map(({ fn, name }) => ({ files: bundles.get(sharedKey(fn))?.files ?? {}, name })),
    ...machineFunctions.map(({ placeholder }) => ({
      files: ofPlatform(placeholder),
      name: `platform: ${placeholder}`,
    })),
  ].map(({ files, name }) => ({ name, folder: folderWith(files), target: targets.handler }));
};

/** The wait function, until it opens its first connection to S3. */
const firstRequest = (): Subject => {
  const run = { pipeline: 'p', run_id: 'r', execution: 1, execution_arn: 'a', redrive_count: 0 };
  const event: WaitEvent = {
    run: { ...run, started_at: '2026-01-31T00:00:00Z', scheduled_time: null },
    token: 't',
    state: { Name: 'b: wait', EnteredTime: '2026-01-31T00:00:00Z', RetryCount: 0 },
    redrives: 0,
  };
  const plan = { b: { awaits: ['a'] } };
  const use = `process.env.DAYBREAK_PLAN = ${JSON.stringify(JSON.stringify(plan))}; process.getBuiltinModule('node:net').Socket.prototype.connect = () => { end(); return new Promise(() => {}); };
    await handler(${JSON.stringify(event)});`;
  return {
    name: 'platform: wait, up to its first request to S3',
    folder: folderWith(ofPlatform('Wait'), use),
    target: null,
  };
};

/** A handler that runs the work of a step's first query: driver, instance, configuration, a session, an answer. */
const firstQuery = async (): Promise<Subject> => {
  const root = join(scratch, 'project');
  const query: FunctionEntry = { entry: 'lambdas/steps/benchmark/query.ts', export: 'handler' };
  mkdirSync(join(root, 'lambdas/steps/benchmark'), { recursive: true });
  writeFileSync(
    join(root, query.entry),
    `import { defineStep } from 'daybreak';
    import { openEngine } from ${JSON.stringify(join(packageRoot, 'lib/duckdb/open-engine.ts'))};
    export const handler = Object.assign(defineStep(async () => ({})), {
      query: async () => (await (await openEngine()).session()).all('SELECT 1'),
    });`,
  );
  const fn = { modules: [{ entry: query, steps: ['query'] }], timeouts: {} };
  const { files = {} } = (await bundled(root, [fn])).get(sharedKey(fn)) ?? {};
  const folder = folderWith(files, `await (await import('./${handlerFile(query)}')).handler.query();`);
  return { name: 'a step that queries DuckDB, up to the answer', folder, target: targets.query };
};

const env = {
  PATH: process.env.PATH,
  NODE_PATH: join(layer.folder, 'nodejs/node_modules'),
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
  DAYBREAK_STORE: 's3://bucket',
  DAYBREAK_SCRATCH: join(scratch, 'files'),
  DAYBREAK_SCRATCH_MB: '4096',
};

/** Milliseconds from the start of a process to its end, and its processor time. */
const start = (folder: string): { readonly wall: number; readonly cpu: number } => {
  const began = performance.now();
  const program = ['-c', '0', process.execPath, '--enable-source-maps', 'start.mjs'];
  const { stdout, stderr, status } = spawnSync('taskset', program, { cwd: folder, encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${folder}: ${stderr}`);
  return { wall: performance.now() - began, cpu: Number(stdout) };
};

const bare = folderWith({ 'index.mjs': Buffer.from('export const handler = null;') });
const subjects = [...(await pipelines()), firstRequest(), await firstQuery()];
const measured = subjects.map((subject) => ({ ...subject, wall: [] as number[], cpu: [] as number[] }));
const alone = { wall: [] as number[], cpu: [] as number[] };
try {
  // Warms the file caches.
  for (const folder of [bare, ...subjects.map(({ folder }) => folder)]) start(folder);
  for (let round = 0; round < rounds; round += 1) {
    for (const { folder, wall, cpu } of measured) {
      const without = start(bare);
      const withIt = start(folder);
      alone.wall.push(without.wall);
      alone.cpu.push(without.cpu);
      wall.push(withIt.wall - without.wall);
      cpu.push(withIt.cpu - without.cpu);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const at = (values: readonly number[], share: number): number =>
  [...values].sort((left, right) => left - right)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
const shown = (values: readonly number[]): string =>
  `${at(values, 0.5).toFixed(0).padStart(4)} (${at(values, 0.25).toFixed(0)} to ${at(values, 0.75).toFixed(0)})`.padEnd(
    18,
  );

console.log(`${'ms, median (quartiles)'.padEnd(60)}processor time    wall`);
console.log(`${'a bare node'.padEnd(60)}${shown(alone.cpu)}${shown(alone.wall)}`);
console.log(`added to it, ${rounds} rounds:`);
for (const { name, target, wall, cpu } of measured) {
  const verdict = target === null ? '' : at(cpu, 0.5) <= target ? `within ${target}` : `ABOVE ${target}`;
  console.log(`${name.slice(0, 58).padEnd(60)}${shown(cpu)}${shown(wall)}${verdict}`);
}
