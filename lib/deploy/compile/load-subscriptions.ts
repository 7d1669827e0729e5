import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionBundle } from '../../bundle/bundle-functions.ts';
import type { Subscription } from './compiled-subscriber.ts';

/** A subscription, or the reason why its module has none. */
type Loaded = Subscription | { readonly fault: string };

/** Milliseconds that a module may take to load. Lambda allows 10 s before the first event. */
const longestLoad = 10_000;

/** Loads one bundle in the working folder and writes its answer beside it: a module can print or end its process. */
const script = `
const { writeFileSync } = require('node:fs');
import(require('node:path').resolve('index.mjs')).then(
  ({ handler }) => handler?.subscription ?? { fault: 'its export "subscriber" is not made by defineSubscriber' },
  (error) => ({ fault: error?.message ?? String(error) }),
).then((answer) => { writeFileSync('answer.json', JSON.stringify(answer)); process.exit(0); });`;

/** Returns the options of each subscriber, in order. Each module is loaded in a separate process, which has no variable that Lambda would lack. */
export async function loadSubscriptions(bundles: readonly FunctionBundle[]): Promise<Loaded[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'daybreak-subscribers-'));
  try {
    const loaded: Loaded[] = [];
    for (const [index, bundle] of bundles.entries()) loaded.push(await load(bundle, join(scratch, String(index))));
    return loaded;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function load({ files }: FunctionBundle, folder: string): Promise<Loaded> {
  await mkdir(folder);
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const child = spawn(process.execPath, ['--enable-source-maps', '-e', script], {
    cwd: folder,
    stdio: 'ignore',
    timeout: longestLoad,
    killSignal: 'SIGKILL',
    env: { AWS_REGION: process.env.AWS_REGION ?? 'us-east-1' },
  });
  const [status, signal] = (await once(child, 'exit')) as [number | null, string | null];
  try {
    return JSON.parse(await readFile(join(folder, 'answer.json'), 'utf8')) as Loaded;
  } catch {
    if (signal !== null) return { fault: `it did not load within ${longestLoad / 1000} s` };
    return { fault: `it ended its process with ${status}` };
  }
}
