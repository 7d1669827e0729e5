/** Real `daybreak run` processes, killed with SIGKILL at random instants and started again with the same run id until one ends by itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Chance } from '../../../lib/offline/faults/chance.ts';
import { differences, readContent } from '../../../lib/offline/faults/run-content.ts';
import { isOpen, letterStatesOfRun } from '../../../lib/operate/letters/letter-states.ts';
import { readRun } from '../../../lib/operate/runs/read-run.ts';
import { FolderObjectStore } from '../../../lib/ports/folder/folder-object-store.ts';
import { MemoryExecutions } from '../../../lib/ports/memory/memory-executions.ts';

const bin = fileURLToPath(new URL('../../../bin/daybreak.ts', import.meta.url));

const pipeline = `name: killed
version: 1.0.0
steps:
  - { name: orders, handler: { callable: orders } }
  - { name: users, handler: { callable: orders } }
  - { name: joined, handler: { callable: joined, initialization: { of: [orders, users] } }, dependencies: [orders, users] }
  - { name: sums, handler: { callable: joined, initialization: { of: [orders] } }, dependencies: [orders] }
  - { name: told, handler: { callable: told }, dependencies: [joined, sums] }
`;

const handler = (body: string): string => `import { createHash } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { defineStep } from 'daybreak';
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const columns = { id: 'BIGINT', text: 'VARCHAR' };
export const handler = defineStep(async (step) => {
${body}
});
`;

const files: Readonly<Record<string, string>> = {
  'pipelines/killed.yaml': pipeline,
  'lambdas/steps/killed/orders.ts': handler(`  const out = step.writer('out', { columns });
  for (let id = 0; id < 2000; id += 100) {
    await out.append(Array.from({ length: 100 }, (_, i) => ({ id: id + i, text: 'row ' + (id + i) * step.input.factor })));
    await pause(8);
  }
  return { rows: out.rowCount };`),
  'lambdas/steps/killed/joined.ts': handler(`  const hash = createHash('sha256');
  const out = step.writer('out', { columns });
  for (const name of step.config.of) {
    for await (const batch of step.rows(name + '.out', { batchSize: 250 })) {
      hash.update(JSON.stringify(batch));
      await out.append(batch);
      await pause(5);
    }
  }
  return { digest: hash.digest('hex') };`),
  'lambdas/steps/killed/told.ts': handler(`  for (const channel of ['a', 'b', 'c']) {
    await step.once(channel, async () => { await appendFile(process.env.EFFECTS, step.run.run_id + ' ' + channel + '\\n'); });
    await pause(30);
  }
  return { joined: step.result('joined'), sums: step.result('sums') };`),
};

export interface KillReport {
  readonly kills: number;
  readonly runs: number;
  readonly seconds: number;
  readonly violations: readonly string[];
}

/** Kills so many processes, a few of each run, and says which promises were broken. */
export async function killRuns({
  kills,
  seed,
}: {
  readonly kills: number;
  readonly seed: number;
}): Promise<KillReport> {
  const root = await mkdtemp(join(tmpdir(), 'daybreak-kill-'));
  const began = performance.now();
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const project = new Project(root, new Chance(seed));
    return { ...(await project.kill(kills)), seconds: (performance.now() - began) / 1000 };
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

class Project {
  readonly #root: string;
  readonly #chance: Chance;
  readonly #effects: string;

  constructor(root: string, chance: Chance) {
    this.#root = root;
    this.#chance = chance;
    this.#effects = join(root, 'effects.log');
  }

  async kill(wanted: number): Promise<Omit<KillReport, 'seconds'>> {
    const began = performance.now();
    if ((await this.#start('right').exited) !== 0) return failed('the run without kills does not succeed');
    const usual = performance.now() - began;
    const violations: string[] = [];
    let kills = 0;
    let runs = 0;
    for (; kills < wanted; runs++) {
      const run = `r${runs}`;
      const most = Math.min(wanted - kills, this.#chance.between(`kills of ${run}`, 1, 4));
      for (let kill = 0; kill < most; kill++) kills += await this.#killOnce(run, kill, usual);
      const code = await this.#start(run).exited;
      if (code !== 0) violations.push(`${run}: the last execution ended with ${code}`);
      violations.push(...(await this.#check(run)).map((line) => `${run}: ${line}`));
    }
    return { kills, runs, violations };
  }

  /** Most instants lie where the pipeline is at work, not where the process begins. 0 when it had ended before. */
  async #killOnce(run: string, kill: number, usual: number): Promise<0 | 1> {
    const { child, exited } = this.#start(run);
    const instant = usual * (0.25 + this.#chance.roll(`instant ${kill} of ${run}`) * 0.75);
    const timer = setTimeout(() => this.#killNow(child, this.#chance.roll(`all ${kill} of ${run}`) < 0.5), instant);
    const code = await exited;
    clearTimeout(timer);
    return code === null ? 1 : 0;
  }

  /** The engine alone, whose functions notice, or all of them at once. */
  #killNow(child: ChildProcess, all: boolean): void {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(all ? -child.pid : child.pid, 'SIGKILL');
    } catch {
      // It ended by itself a moment ago.
    }
  }

  #start(run: string) {
    const input = JSON.stringify({ daybreak: { run_id: run }, factor: 7 });
    const child = spawn(process.execPath, [bin, 'run', 'killed', '--input', input], {
      cwd: this.#root,
      env: { ...process.env, EFFECTS: this.#effects },
      stdio: 'ignore',
      // Its own process group, which can be killed as a whole.
      detached: true,
    });
    const exited = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
    return { child, exited };
  }

  async #check(run: string): Promise<string[]> {
    const store = new FolderObjectStore(join(this.#root, '.daybreak', 'store'));
    const ref = (run_id: string) => ({ pipeline: 'killed', run_id });
    const wrong = differences(await readContent(store, ref('right')), await readContent(store, ref(run)));
    const report = await readRun(store, { name: 'killed', steps: [] }, run, new MemoryExecutions());
    if (report?.status !== 'SUCCEEDED') wrong.push(`the run is ${report?.status}`);
    const open = (await letterStatesOfRun(store, ref(run))).filter(isOpen);
    wrong.push(...open.map(({ letter }) => `the letter ${letter.id} is still open`));
    const log = (await readFile(this.#effects, 'utf8')).split('\n').filter((line) => line.startsWith(`${run} `));
    for (const channel of ['a', 'b', 'c']) {
      const count = log.filter((line) => line === `${run} ${channel}`).length;
      // A kill between an effect and its marker repeats it; more than one in a row would be a marvel, and none at all a defect.
      if (count < 1 || count > 2) wrong.push(`the effect ${channel} happened ${count} times`);
    }
    return wrong;
  }
}

const failed = (what: string) => ({ kills: 0, runs: 0, violations: [what] });
