import { PermanentError, RetryableError, ValidationError } from '../../contract/errors.ts';
import { masksValues, withoutValues } from '../../exact/quoted-value.ts';

/**
 * SQLSTATEs (or their beginnings) after which another attempt may help: connection trouble, serialization and deadlock, shortage, shutdown, a lock, a time-out,
 * a standby.
 */
const passing = ['08', '40', '53', '57P', '55P03', '57014', '58', '25006', '72', '55006'];

/** The server refuses a password or a role. Its message names role, database and host, never the password. */
const refused = '28';

/** Rows break a constraint: the details name the key. */
const constraint = '23';

/** Faults of the socket: https://nodejs.org/api/errors.html#common-system-errors. */
const brokenConnections = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENOENT',
]);

/** A certificate does not become valid between two attempts. */
const tlsFault =
  /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA)/;

/** The driver's messages, without a code, when a connection is over. */
const broken = /terminat|timeout|timed out|closed|not queryable|socket/i;

/** Errors that already say what they mean. */
const own = [PermanentError, RetryableError, ValidationError];

interface DriverError {
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly detail?: string;
  readonly position?: string;
}

/** The place of a query in the text that the server received, so that an error can quote the author's own text. */
export interface SentQuery {
  readonly query: string;
  /** Number of characters before it. */
  readonly offset: number;
}

/**
 * Converts an error of the PostgreSQL driver: RetryableError if another attempt may help, else PermanentError. The text has the server's message, its SQLSTATE
 * and the place in the query, never a connection string or a credential. The driver's error is not attached as a cause, since it can hold both, and rows.
 */
export function postgresError(error: unknown, doing: string, sent?: SentQuery): Error {
  if (own.some((type) => error instanceof type)) return error as Error;
  const { code = '', message = '', hint, detail } = error as DriverError;
  const starts = (prefix: string) => code.startsWith(prefix);
  if (code === 'ENOTFOUND') return new PermanentError(`${doing}: there is no such host`);
  if (tlsFault.test(code)) {
    return new PermanentError(
      `${doing}: the server's TLS certificate was refused (${code}): give the certificate authority that signed it (option "ca", or the variable DATABASE_CA)`,
    );
  }
  if (brokenConnections.has(code)) return new RetryableError(`${doing}: no connection (${code})`);
  if (/^[0-9A-Z]{5}$/.test(code)) {
    if (starts(refused)) return new PermanentError(`${doing}: the login was refused (SQLSTATE ${code}): ${message}`);
    const text = `${doing}: ${withoutValues(message)} (SQLSTATE ${code})${placeOf(error as DriverError, sent)}${starts(constraint) && detail && !masksValues() ? `: ${detail}` : ''}${hint ? `; hint: ${hint}` : ''}`;
    return passing.some(starts) ? new RetryableError(text) : new PermanentError(text);
  }
  if (message.includes('does not support SSL')) {
    return new PermanentError(
      `${doing}: the server does not offer TLS; sslmode=disable in the URL goes without, where the network is trusted`,
    );
  }
  if (/password must be a string|no password/i.test(message))
    return new PermanentError(`${doing}: the server asks for a password, and the URL has none`);
  if (broken.test(message)) return new RetryableError(`${doing}: the connection broke`);
  return new PermanentError(`${doing}: the database driver failed (${(error as Error)?.name ?? 'unknown'})`);
}

/** ` at line 2, column 8 of the query, before "order_dat FROM orders"`; empty if the server named no place in it. */
const placeOf = ({ position }: DriverError, sent: SentQuery | undefined): string => {
  // The server counts characters, not UTF-16 units.
  const query = [...(sent?.query ?? '')];
  const at = Number(position) - 1 - (sent?.offset ?? 0);
  if (sent === undefined || !(at >= 0 && at <= query.length)) return '';
  const before = query.slice(0, at).join('').split('\n');
  const rest =
    query
      .slice(at, at + 40)
      .join('')
      .split('\n')[0] ?? '';
  return ` at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1} of the query${rest === '' ? '' : `, before ${JSON.stringify(rest)}`}`;
};
