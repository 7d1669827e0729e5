import { afterEach, expect, test } from 'vitest';
import { startVendor, type VendorServer } from '../alerts/vendors/vendor-server.ts';
import { cli } from './cli.ts';
import { project, twoSteps } from './project.ts';

let server: VendorServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const withAlerts = (alerts: string) => ({
  ...twoSteps,
  'pipelines/demo.yaml': `${twoSteps['pipelines/demo.yaml']}alerts:\n${alerts}`,
});
const routes = `  critical: [{ slack: ssm:/alerts/critical }]
  high: [{ slack: ssm:/alerts/team }]
  medium: [{ slack: ssm:/alerts/team }]
  stakeholders: [{ teams: ssm:/alerts/board }]
`;

test('alerts test sends one marked sample to each destination, and says which took it and what to do about the others', async () => {
  server = await startVendor({ status: 200, body: 'ok' }, { status: 200, body: 'ok' }, { status: 404, body: 'gone' });
  const env = {
    DAYBREAK_SECRET_ALERTS_CRITICAL: `${server.url}/services/critical`,
    DAYBREAK_SECRET_ALERTS_TEAM: `${server.url}/services/team`,
    DAYBREAK_SECRET_ALERTS_BOARD: 'hidden and no address',
  };
  const where = { cwd: await project(withAlerts(routes)), env };
  const { code, stdout } = await cli(['alerts', 'test', 'demo'], where);
  expect(code).toBe(1);
  expect(stdout).toBe(`demo: 2 of 3 destinations took the sample
  taken   slack (ssm:/alerts/critical)  critical
  taken   slack (ssm:/alerts/team)  high, medium
  failed  teams (ssm:/alerts/board)  stakeholders
          the ssm secret /alerts/board does not hold a web address; store the whole address of the webhook, beginning with https://
`);
  const bodies = server.received.map(({ body }) => JSON.parse(body));
  expect(bodies.map(({ text }) => text).sort()).toEqual([
    '[TEST] [critical] demo: sample of the route "critical"',
    '[TEST] [high] demo: sample of the route "high"',
  ]);
  expect(JSON.stringify(bodies)).toContain('This is a test of the route. Nothing has failed.');

  const again = await cli(['alerts', 'test', 'demo', '--route', 'high', '--json'], where);
  expect(again.code).toBe(1);
  expect(again.json().results).toEqual([
    {
      destination: 'slack (ssm:/alerts/team)',
      routes: ['high'],
      taken: false,
      why: 'slack (ssm:/alerts/team) refused the alert: HTTP 404 (gone); the webhook is wrong, switched off or deleted: make a new one and store its address in ssm:/alerts/team',
    },
  ]);
  expect(again.stdout).not.toContain('services');
});

test('alerts test says what is missing', async () => {
  const none = await cli(['alerts', 'test', 'demo'], { cwd: await project(twoSteps) });
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('demo alerts no one: add the key "alerts" to');
  const where = { cwd: await project(withAlerts(routes)) };
  const unknown = await cli(['alerts', 'test', 'demo', '--route', 'hihg'], where);
  expect(unknown.stderr).toContain('--route "hihg" leads nowhere; did you mean "high"?');
  const low = await cli(['alerts', 'test', 'demo', '--route', 'low'], where);
  expect(low.stderr).toContain('--route "low" leads nowhere; the routes are critical, high, medium, stakeholders');
});

test('a template without the key has the alerts of daybreak.config.ts, or of its environment', async () => {
  const config = (alerts: object, own: object = {}) =>
    `export default ${JSON.stringify({ defaults: { alerts }, environments: { prod: own } })};\n`;
  const slack = (name: string) => ({ critical: { slack: `ssm:/alerts/${name}` } });
  server = await startVendor({ status: 200, body: 'ok' });
  const env = {
    DAYBREAK_SECRET_ALERTS_COMMON: `${server.url}/common`,
    DAYBREAK_SECRET_ALERTS_PROD: `${server.url}/prod`,
  };
  const template = `${twoSteps['pipelines/demo.yaml']}environments: { prod: {} }\n`;
  const files = { ...twoSteps, 'pipelines/demo.yaml': template };
  const cwd = await project({
    ...files,
    'daybreak.config.ts': config(slack('common'), { defaults: { alerts: slack('prod') } }),
  });
  expect((await cli(['alerts', 'test', 'demo'], { cwd, env })).code).toBe(0);
  expect((await cli(['alerts', 'test', 'demo', '--env', 'prod'], { cwd, env })).code).toBe(0);
  expect(server.received.map(({ path }) => path)).toEqual(['/common', '/prod']);
  const wrong = await project({ ...files, 'daybreak.config.ts': config({ critical: { slak: 'ssm:/x' } }) });
  const { code, stderr } = await cli(['check'], { cwd: wrong });
  expect(code).toBe(2);
  expect(stderr).toContain('daybreak.config.ts: "defaults.alerts": a destination of alerts has no kind "slak"');
});
