import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { slowTest } from '../support/sized.ts';
import { cli } from './cli.ts';
import { project, twoSteps } from './project.ts';

const input = '{"day":"2026-01-31","count":1}';
const subscriberOf = (on: string, body: string) =>
  `import { defineSubscriber } from 'daybreak';\nexport const subscriber = defineSubscriber({ on: [${on}] }, async (event, { log }) => {\n${body}\n});\n`;

slowTest(
  'subscribers hear the events of a run once, also over a resume; one that fails is shown, and changes nothing',
  async () => {
    const root = await project({
      ...twoSteps,
      'lambdas/subscribers/monitor.ts': subscriberOf(
        "'step.*', 'task.completed'",
        '  log.info(event.type, { step: event.step });',
      ),
      'lambdas/subscribers/broken.ts': subscriberOf("'run.started'", "  throw new Error('no pager');"),
    });
    const ran = await cli(['run', 'demo', '--json', '--input', input], { cwd: root });
    expect(ran.code).toBe(0);
    const run = String(ran.json().run_id);
    expect(ran.stderr).toContain(
      `subscriber broken failed at run.started/demo/${run}/1: no pager; the run is not affected`,
    );
    const log = join(root, `.daybreak/store/.store/logs/demo/${run}/subscriber-monitor.log`);
    const heard = async () =>
      (await readFile(log, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { message: string; step: string | null; event: string })
        .map(({ message, step }) => `${message} ${step}`);
    expect((await heard()).sort()).toEqual([
      'run.completed null',
      'step.completed first',
      'step.completed second',
      'step.started first',
      'step.started second',
    ]);
    await cli(['resume', 'demo', run], { cwd: root });
    expect((await heard()).filter((line) => line === 'step.completed first')).toHaveLength(1);
  },
);

test('check finds a file without a subscriber, and an event that does not exist, with the nearest name', async () => {
  const root = await project({
    ...twoSteps,
    'lambdas/subscribers/good.ts': subscriberOf("'incident.*', 'task.failed'", ''),
    'lambdas/subscribers/typo.ts': subscriberOf("'step.faild'", ''),
    'lambdas/subscribers/none.ts': 'export const subscriber = () => 1;\n',
  });
  const { code, json, stdout } = await cli(['check', '--json'], { cwd: root });
  expect(code).toBe(1);
  expect(
    json().diagnostics.map(({ code: name, file, line, message }) => [name, file, line, message.slice(0, 70)]),
  ).toEqual([
    ['NOT_A_SUBSCRIBER', 'lambdas/subscribers/none.ts', 1, expect.stringContaining('exports no subscriber')],
    ['UNKNOWN_EVENT', 'lambdas/subscribers/typo.ts', 2, expect.stringContaining('did you mean "step.failed"?')],
  ]);
  expect(stdout).toContain('"good"');
  await writeFile(join(root, 'lambdas/subscribers/typo.ts'), subscriberOf("'step.failed'", ''));
  await writeFile(join(root, 'lambdas/subscribers/none.ts'), subscriberOf("'*'", ''));
  expect((await cli(['check'], { cwd: root })).stdout).toContain('ok  subscribers  good, none, typo');
});
