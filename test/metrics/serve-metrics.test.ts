import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type ServeOptions, serveMetrics } from '../../lib/cli/metrics/serve-metrics.ts';

const servers: Awaited<ReturnType<typeof serveMetrics>>[] = [];
afterEach(async () => {
  for (const { server } of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function started(options: Partial<ServeOptions> = {}): Promise<string> {
  const made = await serveMetrics({
    port: 0,
    host: '127.0.0.1',
    everyMs: 1_000,
    now: () => 0,
    read: async () => 'figures 1\n',
    onFailure: () => undefined,
    ...options,
  });
  servers.push(made);
  return made.url;
}

/** `fetch` sends no other Host than that of the address. */
const statusFor = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

test('the figures are at /metrics, in the type that Prometheus expects, and nothing else is anywhere', async () => {
  const url = await started();
  const found = await fetch(url);
  expect(found.status).toBe(200);
  expect(found.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await found.text()).toBe('figures 1\n');
  expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
  expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
});

test('on this machine alone, a web page cannot read it under a name that it leads here', async () => {
  const url = await started();
  expect(await statusFor(url, 'evil.example')).toBe(403);
  expect(await statusFor(url, '127.0.0.1.evil.example')).toBe(403);
  expect(await statusFor(url, 'localhost:9464')).toBe(200);
});

test('the store is read at most once per interval, although many ask at once', async () => {
  let reads = 0;
  let time = 0;
  const read = async () => {
    reads += 1;
    return `reads ${reads}\n`;
  };
  const url = await started({ read, now: () => time });
  const asked = await Promise.all([1, 2, 3].map(async () => (await fetch(url)).text()));
  expect(asked).toEqual(['reads 1\n', 'reads 1\n', 'reads 1\n']);
  time = 999;
  expect(await (await fetch(url)).text()).toBe('reads 1\n');
  time = 1_000;
  expect(await (await fetch(url)).text()).toBe('reads 2\n');
});

test('a reading that fails is no answer with old figures', async () => {
  let fails = false;
  let time = 0;
  const seen: unknown[] = [];
  const read = () =>
    fails ? Promise.reject(new Error('no such bucket: secret-name')) : Promise.resolve('figures 1\n');
  const url = await started({ read, now: () => time, onFailure: (error) => seen.push(error) });
  expect((await fetch(url)).status).toBe(200);
  fails = true;
  time = 1_000;
  const failed = await fetch(url);
  expect(failed.status).toBe(503);
  expect(await failed.text()).not.toContain('secret-name');
  expect(String(seen)).toContain('no such bucket');
});

test('a port that is taken is an error with the way out', async () => {
  const url = new URL(await started());
  await expect(started({ port: Number(url.port) })).rejects.toThrow(
    `--serve: 127.0.0.1:${url.port}: another program has this port; name another one with --port`,
  );
});
