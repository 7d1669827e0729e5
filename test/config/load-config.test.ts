import { expect, test } from 'vitest';
import { loadConfig } from '../../lib/config/load-config.ts';
import { projectOf } from '../bundle/project.ts';

const config = (text: string) => ({ 'daybreak.config.ts': text });
const define = (keys: string) =>
  `import { defineConfig } from 'daybreak/config';\nexport default defineConfig(${keys});\n`;

test('a project without the file has an empty configuration', () => {
  expect(loadConfig(projectOf({}))).toEqual({ config: {}, file: null });
});

test.each(['{ "type": "commonjs" }', '{ "type": "module" }', '{}'])(
  'the file loads with what it imports, in a project with package.json %s',
  (packageJson) => {
    const root = projectOf({
      'package.json': packageJson,
      'accounts.ts': `export enum Account { Staging = '111111111111' }\n`,
      ...config(`import { defineConfig } from 'daybreak/config';
import { Account } from './accounts.ts';
export default defineConfig({ environments: { staging: { account: Account.Staging as string } } });
`),
    });
    expect(loadConfig(root)).toEqual({
      config: { environments: { staging: { account: '111111111111' } } },
      file: 'daybreak.config.ts',
    });
  },
);

test('all mistakes are reported at once, each with place, value, what is allowed and the likely fix', () => {
  const keys = `{ prefx: 'a', prefix: 'a-b', network: { subnet: ['x'] }, environments: { staging: { account: 1 } } } as never`;
  expect(() => loadConfig(projectOf(config(define(keys))))).toThrow(
    [
      'daybreak.config.ts: "prefix" is "a-b", but it takes 1 to 30 letters and digits, a letter first',
      'daybreak.config.ts: "environments.staging.account" is 1, but it takes twelve digits, as text',
      'daybreak.config.ts: "subnet" in "network" is not a key; did you mean "subnets"?',
      'daybreak.config.ts: "prefx" is not a key; did you mean "prefix"?',
    ].join('\n'),
  );
});

test.each([
  [
    'no default export',
    'export const config = {};\n',
    'daybreak.config.ts has no default export; write `export default defineConfig({ ... })`',
  ],
  ['an error of syntax', 'export default {\n  prefix: ;\n};\n', 'daybreak.config.ts:2:11 Unexpected ";"'],
  [
    'an error while it runs',
    `export default { prefix: process.env.NOT_SET_ANYWHERE!.trim() };\n`,
    'daybreak.config.ts cannot be loaded: TypeError: Cannot read properties of undefined',
  ],
  ['a top-level await', 'export default await Promise.resolve({});\n', 'Top-level await is currently not supported'],
  [
    'a function',
    'export default () => ({});\n',
    'daybreak.config.ts: the configuration is a function, but it takes an object with keys',
  ],
])('%s is an error in a sentence', (_, text, message) => {
  expect(() => loadConfig(projectOf(config(text)))).toThrow(message);
});

test('two files are refused', () => {
  const root = projectOf({ ...config(define('{}')), 'daybreak.config.mjs': 'export default {};\n' });
  expect(() => loadConfig(root)).toThrow('there are daybreak.config.ts and daybreak.config.mjs');
});
