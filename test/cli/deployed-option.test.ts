import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { commands } from '../../lib/cli/commands.ts';
import { type ServedStack, startCloudFormation } from '../support/cloudformation-server.ts';
import { StepFunctionsServer } from '../support/step-functions-server.ts';
import { cli } from './cli.ts';
import { handlerOf, project } from './project.ts';

const template = (name: string) => `name: ${name}
version: 1.0.0
steps:
  - name: first
    handler: { callable: first }
`;
const files = {
  'pipelines/orders.yaml': template('orders'),
  'pipelines/stock-file.yaml': template('stock_levels'),
  'lambdas/steps/orders/first.ts': handlerOf('  return {};'),
  'lambdas/steps/stock_levels/first.ts': handlerOf('  return {};'),
};
const config = (keys: string) => ({
  ...files,
  'daybreak.config.ts': `import { defineConfig } from 'daybreak/config';\nexport default defineConfig(${keys});\n`,
});
const two = `{
  prefix: 'acme',
  environments: { staging: { region: 'eu-west-1', pipelines: ['orders'] }, production: { account: '222222222222', region: 'eu-central-1' } },
}`;

const arn = 'arn:aws:states:eu-west-1:000000000000:stateMachine:orders';
const orders: ServedStack = {
  outputs: {
    StateMachineArn: arn,
    StoreBucketName: 'a-bucket',
    DeadLetterQueueUrl: 'https://sqs/queue',
    PipelineName: 'orders',
  },
};
const stepFunctions = new StepFunctionsServer();
let cloudFormation: Awaited<ReturnType<typeof startCloudFormation>>;
let env: Record<string, string>;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  cloudFormation = await startCloudFormation({ 'acme-staging--orders': orders, 'daybreak-orders': orders });
  const running = { result: new Promise<never>(() => undefined), succeedTask: () => false, failTask: () => false };
  stepFunctions.machine = { arn, definition: '{}', start: () => running };
  env = {
    AWS_ENDPOINT_URL_SFN: await stepFunctions.start(),
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.address,
  };
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stepFunctions.stop();
  await cloudFormation.stop();
});

/** Everything that a command prints. */
async function said(root: string, line: string, more: Record<string, string> = {}): Promise<string> {
  const { stdout, stderr } = await cli(line.split(' '), { cwd: root, env: { ...env, ...more } });
  return `${stdout}${stderr}`;
}

test('--deployed finds the stack and region that the configuration gives to the environment, and prints both', async () => {
  const root = await project(config(two));
  const text = await said(root, 'start orders --deployed --env staging --name night');
  expect(text).toContain('execution arn:aws:states:eu-west-1:000000000000:execution:orders:night');
  expect(text).toContain(
    'Follow it: npx daybreak status orders night --watch --stack acme-staging--orders --region eu-west-1',
  );
});

test('the printed command works in any folder, and its region has priority over AWS_REGION', async () => {
  const elsewhere = await project(files);
  const line = 'start orders --stack acme-staging--orders --region eu-west-1 --name noon';
  expect(await said(elsewhere, line, { AWS_REGION: 'us-east-1' })).toContain('--region eu-west-1');
  expect(await said(elsewhere, 'status orders --stack gone --region eu-west-1', { AWS_REGION: 'us-east-1' })).toBe(
    'error: there is no stack "gone" in eu-west-1\n',
  );
});

test('a project without a configuration has the default names, and the region of the variables', async () => {
  const root = await project(files);
  const text = await said(root, 'start orders --deployed --name one', { AWS_REGION: 'us-east-1' });
  expect(text).toContain('status orders one --watch --stack daybreak-orders\n');
  expect(await said(root, 'status orders --deployed')).toBe(
    'error: --deployed: the region is missing: the project names none, and AWS_REGION is not set; add --region <region>\n',
  );
  // Like `cdk deploy -c env=test`.
  expect(await said(root, 'status orders --deployed --env test', { AWS_DEFAULT_REGION: 'us-east-1' })).toBe(
    'error: there is no stack "daybreak-test--orders" in us-east-1; this command deploys it: npx cdk deploy daybreak-test--orders -c env=test\n',
  );
});

test('a stack that does not exist is named, with the command that deploys it', async () => {
  const root = await project(config(two));
  expect(await said(root, 'status orders --deployed --env production')).toBe(
    'error: there is no stack "acme-production--orders" in eu-central-1; this command deploys it to account 222222222222: npx cdk deploy acme-production--orders -c env=production\n',
  );
  // The file has another name than the pipeline, and `pipelines` leaves the pipeline out.
  expect(await said(root, 'status stock-file --deployed --env staging')).toBe(
    'error: there is no stack "acme-staging--stock-levels" in eu-west-1; this command deploys it: npx cdk deploy acme-staging--stock-levels -c env=staging -c pipeline=stock_levels\n',
  );
  const parent = `${root}/pipelines`;
  expect(await said(parent, 'status orders --root .. --deployed --env production')).toContain(
    'deploys it to account 222222222222: cd .. && npx cdk deploy acme-production--orders',
  );
});

test.each([
  [
    '--deployed',
    /^error: daybreak.config.ts has several environments: choose one with --env <name> \(staging, production\)\n$/,
  ],
  [
    '--deployed --env stagng',
    /^error: there is no environment "stagng" in the configuration; did you mean "staging"\?\n$/,
  ],
  ['--deployed --stack x', /^error: --deployed and --stack are different places: give one of them\n$/],
  ['--deployed --store x', /^error: --deployed and --store are different places: give one of them\n$/],
  ['--region eu-west-1', /^error: --region is the region of a stack: add --deployed or --stack <name>\n$/],
  ['--stack x --region Ireland', /^error: --region "Ireland" is not a region, such as eu-central-1\n$/],
])('status orders %s is refused', async (options, expected) => {
  expect(await said(await project(config(two)), `status orders ${options}`)).toMatch(expected);
});

test('AWS_REGION and the configuration must agree, unless --region decides', async () => {
  const root = await project(config(two));
  const other = { AWS_REGION: 'us-east-1' };
  expect(await said(root, 'start orders --deployed --env staging', other)).toBe(
    'error: AWS_REGION is us-east-1, but daybreak.config.ts deploys environment "staging" to eu-west-1; unset AWS_REGION, or choose with --region eu-west-1\n',
  );
  expect(await said(root, 'status stock-file --deployed --env staging --region us-east-1', other)).toContain(
    'in us-east-1;',
  );
  const same = await said(root, 'start orders --deployed --env staging --name two', { AWS_REGION: 'eu-west-1' });
  expect(same).toContain('Follow it');
});

test('a configuration with a mistake is an error with its place, and only --deployed reads it', async () => {
  const root = await project({ ...files, 'daybreak.config.ts': 'export default {\n  prefix: ;\n};\n' });
  expect(await said(root, 'status orders --deployed')).toBe(
    'error: daybreak.config.ts cannot be loaded: daybreak.config.ts:2:11 Unexpected ";"\n',
  );
  expect(await said(root, 'status orders')).toContain('orders has no runs in file://');
  expect(await said(root, 'start orders --stack daybreak-orders --region eu-west-1')).toContain('Follow it');
  const wrong = await project(config(`{ prefx: 'acme' } as never`));
  expect(await said(wrong, 'status orders --deployed')).toBe(
    'error: daybreak.config.ts: "prefx" is not a key; did you mean "prefix"?\n',
  );
});

test('a pipeline that the project does not have, and a command without a pipeline, are errors', async () => {
  const root = await project(config(`{ region: 'eu-west-1' }`));
  expect(await said(root, 'status ordrs --deployed')).toContain('there is no pipeline "ordrs"; did you mean "orders"?');
  expect(await said(root, 'status --deployed')).toContain('--deployed needs a pipeline');
  expect(await said(root, 'incidents list --deployed')).toContain('--deployed needs a pipeline');
});

/** `alerts test` reads the routes of the template first, and this one has none; `test` goes to a stack for `--capture` alone. */
const remote = commands.filter(
  ({ name, options }) =>
    !['alerts test', 'test'].includes(name) && options.some(([flags]) => flags.startsWith('--stack ')),
);
test.each(remote)('$name finds the stack by --deployed', async ({ name }) => {
  const root = await project(config(`{ region: 'eu-west-1', prefix: 'gone' }`));
  const words: Record<string, readonly string[]> = {
    query: ['"SELECT 1"'],
    resume: ['r'],
    stop: ['r'],
    fork: ['r'],
    mark: ['r', 'extract', '--succeeded', '--result', '{}'],
    prune: ['--keep-days', '3'],
    head: ['a.b'],
    export: ['a.b', '--out', 'x.csv'],
    diff: ['a.b'],
    withdraw: ['1'],
    profile: ['r', 'a.b'],
    'dlq dismiss': ['x'],
    'incidents ack': ['1'],
    'incidents resolve': ['1'],
  };
  const argv = [...name.split(' '), 'orders', ...(words[name] ?? []), '--deployed', '--reason', 'x'];
  const takes = commands.find((row) => row.name === name)?.options.some(([flags]) => flags.startsWith('--reason'));
  const { stderr } = await cli(takes ? argv : argv.slice(0, -2), { cwd: root, env });
  expect(stderr).toContain('there is no stack "gone-orders" in eu-west-1');
});
