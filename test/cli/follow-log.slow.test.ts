import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spawnCli } from './cli.ts';
import { handlerOf, project } from './project.ts';

test('logs --follow prints lines while the run goes on, and ends with it', async () => {
  const root = await project({
    'pipelines/talk.yaml': 'name: talk\nversion: 1.0.0\nsteps:\n  - { name: say, handler: { callable: say } }\n',
    'lambdas/steps/talk/say.ts': `import { existsSync } from 'node:fs';\n${handlerOf(
      `  step.log.info('before', { n: 1 });
  while (!existsSync('%ROOT%/go')) await new Promise((done) => setTimeout(done, 50));
  console.log('after');
  return {};`,
    )}`,
  });
  const run = spawnCli(['run', 'talk'], { cwd: root });
  await run.said('say attempt 1 started');
  const follower = spawnCli(['logs', 'talk', 'say', '--follow', '--json'], { cwd: root });
  let text = '';
  follower.child.stdout?.on('data', (chunk: string) => {
    text += chunk;
  });
  while (!text.includes('"before"')) await new Promise((done) => setTimeout(done, 50));
  expect(text).not.toContain('after');
  await writeFile(join(root, 'go'), '');
  const { code, stdout } = await follower.exited;
  expect(code).toBe(0);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    { step: 'say', execution: 1, attempt: 1, time: expect.any(String), level: 'INFO', message: 'before', n: 1 },
    { step: 'say', execution: 1, attempt: 1, text: 'after' },
  ]);
  expect((await run.exited).code).toBe(0);
});
