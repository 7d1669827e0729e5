/** The program of the process that parses and plans queries for the compiler. It runs none of them, reads no file, and ends when the compiler does. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { loadDuckDB } from '../duckdb/load-duckdb.ts';
import { openEngine } from '../duckdb/open-engine.ts';
import { readSql } from '../duckdb/read-sql.ts';
import { describeQuery } from './describe-query.ts';
import type { ProbeAnswer, ProbeQuestion } from './probe-messages.ts';

/** A query whose plan needs more than this is no query that anybody meant. */
const mostMemoryBytes = 1024 ** 3;

process.on('disconnect', () => process.exit(1));
// DuckDB works on another thread, so this goes on while it plans, and only a kill gets it to stop.
setInterval(() => {
  if (process.memoryUsage.rss() > mostMemoryBytes) process.kill(process.pid, 'SIGKILL');
}, 20).unref();

/** Without the optimizer nothing of a query is evaluated: it would fold what has constant arguments. */
const settings = [
  "SET TimeZone = 'UTC'",
  'SET errors_as_json = true',
  'PRAGMA disable_optimizer',
  'SET enable_external_access = false',
  'SET lock_configuration = true',
];

const connect = async (): Promise<DuckDBConnection> => {
  const instance = await loadDuckDB().DuckDBInstance.create(':memory:', {
    threads: '1',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  for (const setting of settings) await connection.run(setting);
  return connection;
};

let connection: Promise<DuckDBConnection> | null = null;
const session = (await openEngine()).session();

const answer = async (question: ProbeQuestion): Promise<ProbeAnswer> => {
  const { id } = question;
  if (question.ask === 'read') return { id, reading: await readSql(await session, question.text) };
  connection ??= connect();
  return { id, description: await describeQuery(await connection, question) };
};

process.on('message', (question: ProbeQuestion) => {
  answer(question)
    .catch((error: unknown) => ({ id: question.id, failure: String(error) }))
    .then((said) => process.send?.(said));
});
