import type pg from 'pg';
import type { Step } from '../../../runtime/step.ts';
import { connect, cutOff } from '../connect.ts';
import { connectionSettings, type PostgresOptions } from '../connection-settings.ts';
import { postgresError } from '../postgres-error.ts';
import { textSettings } from '../text-settings.ts';

/** A connection with an open transaction, for one load. */
export interface OpenLoad {
  readonly client: pg.Client;
  /** Uses the connection; errors say what they mean for the step. */
  run<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
}

/**
 * Connects, begins a transaction, and commits it after `work`. If `work` fails, or the signal fires earlier, it rolls everything back, and the server stops its
 * query.
 */
export async function inLoad<T>(
  { signal }: Pick<Step, 'signal'>,
  { options, doing }: { readonly options: PostgresOptions; readonly doing: string },
  work: (load: OpenLoad) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const settings = connectionSettings(options);
  const client = await connect(settings);
  let closing: Promise<void> | null = null;
  const close = (busy: boolean): Promise<void> => {
    closing ??= cutOff(client, settings, busy);
    return closing;
  };
  const onAbort = (): void => void close(true);
  signal.addEventListener('abort', onAbort, { once: true });
  const run = async <R>(work: (client: pg.Client) => Promise<R>): Promise<R> => {
    try {
      return await work(client);
    } catch (error) {
      signal.throwIfAborted();
      throw postgresError(error, `${doing}, ${settings.place}`);
    }
  };
  try {
    await run((client) => client.query(beginning(options)));
    const result = await work({ client, run });
    signal.throwIfAborted();
    await run((client) => client.query('COMMIT'));
    await close(false);
    return result;
  } catch (error) {
    await close(true);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const beginning = ({ statementTimeout = 900, lockTimeout = 30 }: PostgresOptions): string =>
  [
    'BEGIN',
    ...textSettings,
    `SET LOCAL statement_timeout TO ${Math.ceil(statementTimeout * 1000)}`,
    `SET LOCAL lock_timeout TO ${Math.ceil(lockTimeout * 1000)}`,
  ].join('; ');
