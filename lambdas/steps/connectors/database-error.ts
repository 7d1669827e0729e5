import { PermanentError, RetryableError } from 'daybreak';

/** SQLSTATEs (or their two-letter classes) after which the same query may work: connection trouble, serialization, shortage, shutdown, a standby's conflict. */
const passing = ['08', '40', '53', '57P', '55P03', '57014', '58'];

/** A password that was refused, a database or a role that does not exist: found while connecting. */
const refused = ['28', '3D'];

/** Faults of the socket below: https://nodejs.org/api/errors.html#common-system-errors. */
const brokenConnections = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
];

/** Certificates do not mend themselves between two attempts. */
const tlsFault = /^(?:ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/**
 * What an error of the PostgreSQL driver means for the step: worth another attempt, or not. The text names what happened and the SQLSTATE,
 * never the connection string or a credential; the driver's error is not attached as a cause, since it can hold both.
 */
export const databaseError = (error: unknown, doing: string): Error => {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string };
  const starts = (prefix: string) => code.startsWith(prefix);
  if (code === 'ENOTFOUND') return new PermanentError(`${doing}: the database host in DATABASE_URL is not known`);
  if (tlsFault.test(code)) return new PermanentError(`${doing}: the database's TLS certificate was refused (${code})`);
  if (brokenConnections.includes(code)) return new RetryableError(`${doing}: no connection to the database (${code})`);
  if (refused.some(starts))
    return new PermanentError(`${doing}: the database refused the login in DATABASE_URL (SQLSTATE ${code})`);
  if (passing.some(starts)) return new RetryableError(`${doing}: ${message} (SQLSTATE ${code})`);
  if (/^[0-9A-Z]{5}$/.test(code)) return new PermanentError(`${doing}: ${message} (SQLSTATE ${code})`);
  if (message.includes('does not support SSL'))
    return new PermanentError(`${doing}: the database does not offer TLS, which DATABASE_URL asks for (sslmode)`);
  // The driver says these without a code: "Connection terminated unexpectedly", "timeout expired", ...
  if (/terminat|timeout|closed|not queryable/i.test(message))
    return new RetryableError(`${doing}: the connection to the database broke`);
  return new PermanentError(
    `${doing}: ${error instanceof TypeError ? 'DATABASE_URL is not a connection string' : 'the database driver failed'}`,
  );
};
