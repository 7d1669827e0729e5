import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertsFile } from '../../lib/contract/events/alert-settings.ts';
import { openStore } from '../../lib/ports/open-store.ts';
import type { ObjectStore } from '../../lib/ports/ports.ts';
import { incident, keepIncidents, settings } from './delivery/incidents.ts';
import { startVendor, type VendorServer } from './vendors/vendor-server.ts';

const entry = pathToFileURL(fileURLToPath(new URL('../../lambdas/platform/alerts.ts', import.meta.url))).href;
let folder = '';
let store: ObjectStore;
let server: VendorServer | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alerts-'));
  store = await openStore(pathToFileURL(join(folder, 'store')).href);
});
afterEach(async () => {
  await server?.close();
  server = null;
  await rm(folder, { recursive: true, force: true });
});

/** The deployed function in a process, as Lambda calls it. */
async function call(webhook: string) {
  const at = { service: 'ssm', id: '/alerts/hook' } as const;
  const routes = { critical: [{ kind: 'slack', webhook: at }] };
  await writeFile(join(folder, alertsFile), JSON.stringify({ ...settings, routes }));
  const code = `const { handler } = await import(${JSON.stringify(entry)}); console.log(JSON.stringify(await handler()));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: {
      PATH: process.env.PATH,
      DAYBREAK_STORE: pathToFileURL(join(folder, 'store')).href,
      DAYBREAK_PIPELINE: 'orders',
      LAMBDA_TASK_ROOT: folder,
      DAYBREAK_SECRET_ALERTS_HOOK: webhook,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  const [status] = await once(child, 'close');
  return { status, output };
}

test('the function tells people once, and its log names the destination', async () => {
  server = await startVendor({ status: 200, body: 'ok' });
  await keepIncidents(store, incident(1));
  const first = await call(`${server.url}/services/T0/B0/secret`);
  expect(first.output).toContain('sent to slack (ssm:/alerts/hook): [critical] orders: extract_1 failed');
  expect(first.output).toContain('{"sent":1,"busy":false}');
  expect((await call(`${server.url}/services/T0/B0/secret`)).output).toContain('{"sent":0,"busy":false}');
  expect(server.received).toHaveLength(1);
});

test('it fails with the fix if a destination refuses, without the secret, and delivers later', async () => {
  server = await startVendor({ status: 404, body: 'no_service' }, { status: 200, body: 'ok' });
  await keepIncidents(store, incident(1));
  const { status, output } = await call(`${server.url}/services/T0/B0/hidden`);
  expect(status).toBe(1);
  expect(output).toContain('HTTP 404 (no_service); the webhook is wrong, switched off or deleted');
  expect(output).not.toContain('hidden');
  expect((await call(`${server.url}/services/T0/B0/hidden`)).output).toContain('{"sent":1,"busy":false}');
});
