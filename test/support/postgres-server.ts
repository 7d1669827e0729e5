import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { certificates } from './certificates.ts';

/** The folder of PostgreSQL's programs, or null if it is not installed. */
export const postgresPrograms = ((): string | null => {
  const versions = '/usr/lib/postgresql';
  const found = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : [];
  return found.map((version) => join(versions, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb'))) ?? null;
})();

/** A separate server of this process on loopback. */
export interface PostgresServer {
  /** URL of a superuser, without TLS. */
  readonly url: string;
  readonly port: number;
  /** The authority of the server's certificate, with TLS. */
  readonly ca: string;
  /** `immediate` simulates a crash: the server recovers at the next start. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  /** A connected client. The loss of its connection is not an error. */
  connect(): Promise<pg.Client>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** PostgreSQL refuses to run as root. */
const owner = (): { readonly uid: number; readonly gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** A fresh cluster, which initdb takes a second of processor time to make: made once on this machine and copied for each server. */
function emptyCluster(bin: string, as: ReturnType<typeof owner>): string {
  const made = join(
    tmpdir(),
    `postgres-empty-${as?.uid ?? process.getuid?.() ?? 0}-${createHash('sha256').update(bin).digest('hex').slice(0, 12)}`,
  );
  if (existsSync(made)) return made;
  const folder = mkdtempSync(`${made}-`);
  if (as) chownSync(folder, as.uid, as.gid);
  execFileSync(
    join(bin, 'initdb'),
    ['-D', folder, '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C.UTF-8'],
    { ...as, cwd: folder, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' }, stdio: 'pipe' },
  );
  try {
    renameSync(folder, made);
  } catch {
    // Another process was first.
    rmSync(folder, { recursive: true, force: true });
  }
  return made;
}

/** Makes a database cluster in a temporary folder and starts it; `settings` are lines of postgresql.conf. */
export async function startPostgres(settings: readonly string[] = []): Promise<PostgresServer> {
  const bin = postgresPrograms;
  if (bin === null) throw new Error('PostgreSQL is not installed');
  const home = mkdtempSync(join(tmpdir(), 'postgres-'));
  const data = join(home, 'data');
  const as = owner();
  if (as) chownSync(home, as.uid, as.gid);
  const options = { ...as, cwd: home, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' } };
  execFileSync('cp', ['-a', emptyCluster(bin, as), data], { ...options, stdio: 'pipe' });
  const { ca, key, certificate } = certificates();
  for (const [name, text] of [
    ['server.crt', certificate],
    ['server.key', key],
  ] as const) {
    writeFileSync(join(data, name), text, { mode: 0o600 });
    if (as) chownSync(join(data, name), as.uid, as.gid);
  }
  const port = await freePort();
  writeFileSync(
    join(data, 'postgresql.auto.conf'),
    [
      "listen_addresses = '127.0.0.1'",
      `port = ${port}`,
      `unix_socket_directories = '${home}'`,
      'ssl = on',
      'fsync = off',
      'max_connections = 40',
      "password_encryption = 'scram-sha-256'",
      ...settings,
    ].join('\n'),
  );
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let child: ChildProcess | null = null;
  const server: PostgresServer = {
    url,
    port,
    ca,
    async start() {
      child = spawn(join(bin, 'postgres'), ['-D', data], { ...options, stdio: 'ignore' });
      for (let tries = 0; ; tries += 1) {
        try {
          await (await server.connect()).end();
          return;
        } catch (error) {
          if (tries > 200 || child.exitCode !== null) throw error;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    },
    async stop(mode = 'fast') {
      const running = child;
      child = null;
      if (running === null || running.exitCode !== null) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await ended;
    },
    async connect() {
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    async remove() {
      await server.stop('immediate');
      rmSync(home, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}
