import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Extract, extractPostgres, sql } from '../../../lib/connectors/sources.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../../support/postgres-server.ts';
import { CapturedStep } from '../captured-step.ts';
import { cuttingProxy } from './cutting-proxy.ts';

describe.skipIf(postgresPrograms === null)('when PostgreSQL breaks (skipped where it is not installed)', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(['max_connections = 12', 'superuser_reserved_connections = 0']);
    const client = await server.connect();
    await client.query(
      `CREATE TABLE orders AS SELECT i AS id, 'name ' || i AS name, repeat('x', i % 200) AS filler FROM generate_series(1, 30000) i; CREATE UNIQUE INDEX ON orders (id)`,
    );
    await client.end();
  });
  afterAll(() => server?.remove());

  const columns = { id: 'INTEGER', name: 'VARCHAR', filler: 'VARCHAR' };
  const orders: Extract = { dataset: 'd', columns, query: sql`SELECT * FROM orders` };
  /** The content of the table, computed separately. */
  const expected = Array.from({ length: 30_000 }, (_, index) => [
    String(index + 1),
    `name ${index + 1}`,
    'x'.repeat((index + 1) % 200),
  ]);
  const byId = (rows: readonly (readonly (string | null)[])[]) => [...rows].sort(([a], [b]) => Number(a) - Number(b));

  test('a connection that is cut anywhere is a transient error, never a part of the rows', async () => {
    const ends = new Set<string>();
    for (let round = 0; round < 30; round += 1) {
      const proxy = await cuttingProxy(server.port, {
        up: round % 3 === 0 ? Math.floor(Math.random() * 4_000) : Number.POSITIVE_INFINITY,
        down: round % 3 !== 0 ? Math.floor(Math.random() ** 2 * 4_500_000) : Number.POSITIVE_INFINITY,
      });
      const step = new CapturedStep();
      const rows = await extractPostgres(step, { url: proxy.url, ...orders }).catch((error: Error) => error.name);
      await proxy.stop();
      ends.add(String(rows));
      if (rows === 30_000) expect(byId(step.rows('d'))).toEqual(expected);
    }
    expect([...ends].filter((end) => end !== '30000')).toEqual(['RetryableError']);
  });

  test('with a key, attempts that are cut give together all rows, each once', async () => {
    const step = new CapturedStep();
    // Every cursor is a checkpoint here, with the data written up to it.
    let kept = { chunks: 0, rows: 0 };
    step.onYield = (state) => {
      const dataset = step.datasets.get('d');
      kept = { chunks: dataset?.chunks.length ?? 0, rows: dataset?.rows ?? 0 };
      step.checkpoint = state as never;
    };
    let attempts = 0;
    for (let rows: number | null = null; rows === null; attempts += 1) {
      const proxy = await cuttingProxy(server.port, {
        up: Number.POSITIVE_INFINITY,
        down: 400_000 + Math.floor(Math.random() * 1_500_000),
      });
      rows = await extractPostgres(step, { url: proxy.url, ...orders, key: 'id' }).catch((error: Error) => {
        expect(error.name).toBe('RetryableError');
        return null;
      });
      await proxy.stop();
      const dataset = step.datasets.get('d');
      if (rows === null && dataset) {
        dataset.chunks.length = kept.chunks;
        dataset.rows = kept.rows;
      }
    }
    expect(attempts).toBeGreaterThan(1);
    expect(step.rows('d')).toEqual(expected);
  });

  test('too many connections, and a server that stops or restarts, are transient errors', async () => {
    const others = await Promise.all(Array.from({ length: 12 }, () => server.connect()));
    await expect(extractPostgres(new CapturedStep(), { url: server.url, ...orders })).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(/too many|remaining connection slots/),
    });
    await Promise.all(others.map((other) => other.end()));

    for (const mode of ['fast', 'immediate'] as const) {
      const step = new CapturedStep();
      let stopped = false;
      step.onChunk = async () => {
        if (stopped) return;
        stopped = true;
        await server.stop(mode);
      };
      await expect(
        extractPostgres(step, {
          url: server.url,
          ...orders,
          query: sql`SELECT a.* FROM orders a, generate_series(1, 20)`,
        }),
      ).rejects.toMatchObject({ name: 'RetryableError' });
      await expect(extractPostgres(new CapturedStep(), { url: server.url, ...orders })).rejects.toMatchObject({
        name: 'RetryableError',
        message: expect.stringMatching(/ECONNREFUSED/),
      });
      await server.start();
      expect(await extractPostgres(new CapturedStep(), { url: server.url, ...orders })).toBe(30_000);
    }
  });

  test('a role without the right is a permanent error', async () => {
    const client = await server.connect();
    await client.query("CREATE ROLE reader LOGIN PASSWORD 'secret'");
    await client.end();
    const url = server.url.replace('postgres@', 'reader@');
    await expect(extractPostgres(new CapturedStep(), { url, ...orders })).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(/permission denied for table orders \(SQLSTATE 42501\)/),
    });
    const nobody = server.url.replace('postgres@', 'nobody@');
    await expect(extractPostgres(new CapturedStep(), { url: nobody, ...orders })).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(/login was refused \(SQLSTATE 28000\)/),
    });
  });

  describe('TLS', () => {
    const at = (host: string, mode: string) =>
      `postgres://postgres@${host}:${server.port}/postgres${mode && `?sslmode=${mode}`}`;
    const isEncrypted = async (url: string, ca?: string): Promise<boolean> => {
      const step = new CapturedStep();
      const query = sql`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;
      await extractPostgres(step, { url, dataset: 'd', columns: { ssl: 'BOOLEAN' }, query, ...(ca && { ca }) });
      return step.rows('d')[0]?.[0] === 't';
    };

    test('with the authority that signed, and the right name', async () => {
      expect(await isEncrypted(at('localhost', 'verify-full'), server.ca)).toBe(true);
      expect(await isEncrypted(at('localhost', 'require'))).toBe(true);
      expect(await isEncrypted(at('127.0.0.1', 'verify-ca'), server.ca)).toBe(true);
      expect(await isEncrypted(at('localhost', ''))).toBe(false);
      expect(await isEncrypted(at('localhost', 'disable'))).toBe(false);
    });

    test.each([
      ['an unknown authority', 'localhost', 'verify-full', false],
      ['an unknown authority, without the name', 'localhost', 'verify-ca', false],
      ['another name', '127.0.0.1', 'verify-full', true],
    ])('%s is a permanent error', async (_, host, mode, withCa) => {
      await expect(isEncrypted(at(host, mode), withCa ? server.ca : undefined)).rejects.toMatchObject({
        name: 'PermanentError',
        message: expect.stringMatching(/certificate was refused/),
      });
    });

    test('the authority may come from DATABASE_CA', async () => {
      process.env.DATABASE_CA = server.ca;
      try {
        expect(await isEncrypted(at('localhost', 'verify-full'))).toBe(true);
      } finally {
        delete process.env.DATABASE_CA;
      }
    });
  });
});
