import { readFileSync } from 'node:fs';
import { checkServerIdentity } from 'node:tls';
import type { ClientConfig } from 'pg';
import { PermanentError } from '../../contract/errors.ts';

/** The address of a database, and how to talk to it. */
export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database?sslmode=verify-full`: a secret, since it holds a password. */
  readonly url: string;
  /**
   * Certificates (PEM text) of the authorities to trust instead of the usual ones. The default is the variable DATABASE_CA: PEM text, or the path of a PEM
   * file.
   */
  readonly ca?: string;
  /** Seconds that one statement may take on the server; by default 15 minutes, the longest life of a Lambda invocation. */
  readonly statementTimeout?: number;
  /** Seconds to wait for a lock; 30 by default. */
  readonly lockTimeout?: number;
}

/** The driver's settings, and the name of the database in errors. */
export interface ConnectionSettings {
  readonly config: ClientConfig;
  /** Host, port and database: nothing secret. */
  readonly place: string;
}

/** A server that has not answered by then will not answer; the step's own time-out is minutes. */
const connectMilliseconds = 10_000;

const modes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
const loopback = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?|)$|^\/|^%2f/i;

/**
 * The driver's settings for a URL. Without an `sslmode`, connections to every host but this machine use TLS with a checked certificate and host name
 * (verify-full). A text that is not a URL is a PermanentError that does not show the text.
 */
export function connectionSettings(
  { url, ca }: PostgresOptions,
  environment: NodeJS.ProcessEnv = process.env,
): ConnectionSettings {
  if (!/^postgres(?:ql)?:\/\//.test(url))
    throw new PermanentError("the database's URL must begin with postgres:// or postgresql://");
  // A socket's folder stands in the query, or quoted in the place of the host.
  const parsed = URL.parse(url) ?? URL.parse(url.replace(/@\/|:\/\/\//, (found) => found.replace(/\/$/, 'localhost/')));
  // Behind the host there is no @ and no #. If there is one, it belongs to a password, and the text before it is not the host.
  if (parsed === null || parsed.hash !== '' || /@/.test(parsed.pathname + parsed.search)) {
    throw new PermanentError(
      "the database's URL cannot be read: characters such as / ? # @ in user or password are written %2F %3F %23 %40",
    );
  }
  const host = decodeURIComponent(parsed.searchParams.get('host') ?? parsed.hostname);
  const mode = parsed.searchParams.get('sslmode') ?? (loopback.test(host) ? 'disable' : 'verify-full');
  const files = {
    ca: parsed.searchParams.get('sslrootcert'),
    cert: parsed.searchParams.get('sslcert'),
    key: parsed.searchParams.get('sslkey'),
  };
  for (const name of ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'ssl', 'uselibpqcompat', 'sslnegotiation'])
    parsed.searchParams.delete(name);
  const known = modes.find((one) => one === mode);
  if (known === undefined) {
    throw new PermanentError(
      `sslmode=${mode} in the database's URL is not supported: use ${modes.join(', ')} (without it: verify-full, or disable on this machine)`,
    );
  }
  const authority = ca ?? (files.ca ? pemFile(files.ca) : pemOf(environment.DATABASE_CA));
  return {
    place: `database ${JSON.stringify(decodeURIComponent(parsed.pathname.slice(1)) || 'postgres')} at ${host}${parsed.port ? `:${parsed.port}` : ''}`,
    config: {
      connectionString: parsed.href,
      ssl: known !== 'disable' && {
        ...(authority && { ca: authority }),
        ...(files.cert && { cert: pemFile(files.cert) }),
        ...(files.key && { key: pemFile(files.key) }),
        rejectUnauthorized: known !== 'require',
        checkServerIdentity: known === 'verify-full' ? checkServerIdentity : () => undefined,
      },
      connectionTimeoutMillis: connectMilliseconds,
      keepAlive: true,
      application_name: 'daybreak',
    },
  };
}

const pemOf = (given: string | undefined): string | undefined => {
  if (!given) return undefined;
  return given.includes('-----BEGIN') ? given : pemFile(given);
};

const pemFile = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PermanentError(
      `the certificate file ${path} cannot be read (${(error as NodeJS.ErrnoException).code}): DATABASE_CA, sslrootcert, sslcert and sslkey name PEM files`,
    );
  }
};
