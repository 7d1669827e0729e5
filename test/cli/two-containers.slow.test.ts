import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { cli } from './cli.ts';
import { handlerOf, project } from './project.ts';

const bin = fileURLToPath(new URL('../../bin/daybreak.ts', import.meta.url));

/** Starts a program in a separate process-id namespace, as in a container. */
const contained = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;
const [unshare, ...flags] = contained;
const canContain = spawnSync(unshare, [...flags, 'true']).status === 0;

const files = {
  'pipelines/slow.yaml': 'name: slow\nversion: 1.0.0\nsteps:\n  - { name: only, handler: { callable: go } }\n',
  'lambdas/steps/slow/go.ts': handlerOf(`  const { appendFileSync, existsSync } = await import('node:fs');
  appendFileSync(process.env.HERE + '/began', 'x');
  while (!existsSync(process.env.HERE + '/go')) await new Promise((done) => setTimeout(done, 50));
  return {};`),
};

interface Listed {
  readonly runs: readonly { readonly status: string }[];
}

test.runIf(canContain)(
  'a run in another container is neither declared dead nor run beside, until it is silent',
  async () => {
    const root = await project(files);
    vi.stubEnv('HERE', root);
    const child = spawn(unshare, [...flags, process.execPath, bin, 'run', 'slow'], {
      cwd: root,
    });
    await vi.waitUntil(() => existsSync(join(root, 'began')), { timeout: 240_000, interval: 50 });
    const status = async () => {
      const { runs } = (await cli(['status', 'slow', '--json'], { cwd: root })).json() as unknown as Listed;
      return runs.map((run) => run.status);
    };
    const [run = ''] = readdirSync(join(root, '.daybreak/store/slow/runs'));
    expect(await status()).toEqual(['RUNNING']);
    const resumed = await cli(['resume', 'slow', run], { cwd: root });
    expect(resumed).toMatchObject({ code: 1, stderr: expect.stringContaining('is being worked on by') });
    const redriven = await cli(['redrive', 'slow', run], { cwd: root });
    expect(redriven).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be redriven') });
    expect(await status()).toEqual(['RUNNING']);

    // The container is gone; a minute passes.
    child.kill('SIGKILL');
    await once(child, 'close');
    const running = join(root, '.daybreak/store/.store/executions/running');
    for (const name of readdirSync(running)) utimesSync(join(running, name), 0, 0);
    expect(await status()).toEqual(['ABORTED']);
    writeFileSync(join(root, 'go'), '');
    expect((await cli(['resume', 'slow', run], { cwd: root })).code).toBe(0);
  },
);
