import { afterEach, expect, test } from 'vitest';
import { startVendor, type VendorServer } from '../alerts/vendors/vendor-server.ts';
import { cli } from './cli.ts';
import { files, fix } from './dlq-project.ts';
import { project } from './project.ts';

let server: VendorServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const template = files['pipelines/demo.yaml'].replace(
  '    retry: { max_attempts: 1 }\n',
  '    retry: { max_attempts: 1 }\n    severity: high\n',
);
const alerts = `alerts:
  high: [{ slack: ssm:/alerts/team }]
  critical: [{ slack: ssm:/alerts/pager }]
  escalate_after: 1h
`;
const input = '{"day":"2026-01-31","count":1}';

test('a run on this machine shows whom it would tell, tells them only when asked, and a resume tells them of the end', async () => {
  server = await startVendor({ status: 200, body: 'ok' });
  const env = { DAYBREAK_SECRET_ALERTS_TEAM: `${server.url}/team` };
  const cwd = await project({ ...files, 'pipelines/demo.yaml': `${template}${alerts}` });
  const shown = await cli(['run', 'demo', '--input', input], { cwd, env });
  expect(shown.code).toBe(1);
  expect(shown.stdout).toMatch(
    /\nAlerts \(not sent; --send-alerts sends them\)\n {2}slack \(ssm:\/alerts\/team\): \[high\] demo: second failed with Error\n {2}\d{4}-\d\d-\d\d \d\d:\d\d UTC {2}slack \(ssm:\/alerts\/pager\): \[high, no one has acknowledged it\] demo: second failed with Error\n$/,
  );
  expect(server.received).toEqual([]);

  const failing = await cli(['run', 'demo', '--input', input, '--send-alerts', '--json'], { cwd, env });
  const run = String(failing.json().run_id);
  expect(failing.json().alerts).toMatchObject({
    sent: ['slack (ssm:/alerts/team): [high] demo: second failed with Error'],
    failed: [],
    ahead: [{ destination: 'slack (ssm:/alerts/pager)' }],
  });
  await fix(cwd);
  const ended = await cli(['resume', 'demo', run, '--send-alerts'], { cwd, env });
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain('  sent slack (ssm:/alerts/team): [resolved] demo: second failed with Error');
  const bodies = server.received.map(({ body }) => body);
  expect(bodies).toHaveLength(2);
  // The incident has failures of two runs.
  expect(bodies[0]).toContain('2 since the incident began');
  expect(bodies[0]).toContain('no luck');
  expect(bodies[0]).toContain(`npx daybreak resume demo ${run}`);
  expect((await cli(['run', 'demo', '--input', input, '--send-alerts'], { cwd, env })).stdout).not.toContain('Alerts');
});

test('a run has the same outcome if an alert cannot be sent', async () => {
  const cwd = await project({ ...files, 'pipelines/demo.yaml': `${template}${alerts}` });
  await fix(cwd);
  expect((await cli(['run', 'demo', '--input', input, '--send-alerts'], { cwd })).code).toBe(0);
});
