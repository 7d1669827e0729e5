import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { handlerOf, project } from './project.ts';

const bin = fileURLToPath(new URL('../../bin/daybreak.ts', import.meta.url));

/** A device on which every write fails: the disk is full. */
const full = '/dev/full';

const files = {
  'pipelines/one.yaml': 'name: one\nversion: 1.0.0\nsteps:\n  - { name: only, handler: { callable: go } }\n',
  'lambdas/steps/one/go.ts': handlerOf('  return {};'),
};

/** Runs a command in a shell, which can redirect its outputs. */
const shell = (command: string, cwd: string): Promise<{ readonly code: number; readonly stderr: string }> =>
  new Promise((resolve) => {
    execFile('/bin/sh', ['-c', `"$0" "$1" ${command}`, process.execPath, bin], { cwd }, (error, _, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stderr }),
    );
  });

test.skipIf(!existsSync(full))('an answer that does not fit on a full disk is a fault of the machine', async () => {
  const { code, stderr } = await shell(`check --json > ${full}`, await project(files));
  expect(code).toBe(2);
  expect(stderr).toContain('the disk is full');
  expect(stderr).not.toContain('bug');
});

test.skipIf(!existsSync(full))('progress that does not fit on a full disk never ends a run', async () => {
  const root = await project(files);
  expect((await shell(`run one 2> ${full}`, root)).code).toBe(0);
  const { json } = await cli(['status', 'one', '--json'], { cwd: root });
  expect(json().runs).toMatchObject([{ status: 'SUCCEEDED' }]);
});
