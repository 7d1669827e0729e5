import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { operatorName } from '../../lib/cli/typed/operator-name.ts';

const name = (option: string | null, env: Readonly<Record<string, string>>) =>
  operatorName(option, { io: { env } } as unknown as Parameters<typeof operatorName>[1]);

test('the person is the one named by --by, then the user of the environment, then that of the process', () => {
  expect(name(' anna ', { USER: 'ben' })).toBe('anna');
  expect(name(' ', { USER: 'ben', LOGNAME: 'cleo' })).toBe('ben');
  expect(name(null, { LOGNAME: 'cleo' })).toBe('cleo');
  expect(name(null, {})).toBe(userInfo().username);
});
