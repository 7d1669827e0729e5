import { expect, test, vi } from 'vitest';
import { pasteable } from '../../lib/cli/typed/pasteable.ts';
import { resumeCommand } from '../../lib/runtime/resume-command.ts';

const nowhere = { root: null, store: null, stack: null, region: null };
const run = { pipeline: 'orders', run_id: 'r1' };

test.each([
  [nowhere, 'npx daybreak resume orders r1'],
  [{ ...nowhere, root: '../mine' }, 'npx daybreak resume orders r1 --root ../mine'],
  [{ ...nowhere, store: '/var/my store' }, "npx daybreak resume orders r1 --store '/var/my store'"],
  [{ ...nowhere, root: '../mine', stack: 'prod' }, 'npx daybreak resume orders r1 --root ../mine --stack prod'],
  [{ ...nowhere, stack: 'prod', region: 'eu-west-1' }, 'npx daybreak resume orders r1 --stack prod --region eu-west-1'],
])('a command of a recorded failure works where the person works: %j', (where, expected) => {
  expect(pasteable('1 failed.\nResume with: npx daybreak resume orders r1\nmore', where)).toBe(
    `1 failed.\nResume with: ${expected}\nmore`,
  );
});

test('options that a command has already, or does not take, are not added', () => {
  const where = { ...nowhere, root: '../mine', store: 'there' };
  const whole = 'npx daybreak status orders --root ../mine --store there';
  expect(pasteable(whole, where)).toBe(whole);
  expect(pasteable('`npx daybreak check` shows them', where)).toBe('`npx daybreak check --root ../mine` shows them');
  expect(pasteable('\u001b[36mnpx daybreak dlq list orders\u001b[39m', where)).toBe(
    '\u001b[36mnpx daybreak dlq list orders --root ../mine --store there\u001b[39m',
  );
  expect(pasteable('npx daybreak unknown', where)).toBe('npx daybreak unknown');
});

test('a deployed function names its stack in the command; the command line does not name it twice', () => {
  vi.stubEnv('DAYBREAK_STACK', 'orders-prod');
  try {
    const command = resumeCommand(run, '--from', 'load');
    expect(command).toBe('npx daybreak resume orders r1 --from load --stack orders-prod');
    expect(pasteable(command, { ...nowhere, stack: 'orders-prod' })).toBe(command);
    expect(pasteable(command, { ...nowhere, stack: 'orders-prod', region: 'eu-west-1' })).toBe(
      `${command} --region eu-west-1`,
    );
  } finally {
    vi.unstubAllEnvs();
  }
});
