/** The program of the process that parses and plans queries for the compiler. It runs none of them, reads no file, and ends when the compiler does. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { readSql } from '../../duckdb/guard/read-sql.ts';
import { loadDuckDB } from '../../duckdb/load-duckdb.ts';
import { openEngine } from '../../duckdb/open-engine.ts';
import type { Session } from '../../duckdb/session.ts';
import { queryLineage } from '../lineage/query-lineage.ts';
import { describeQuery } from './describe-query.ts';
import { findDoubts } from './find-doubts.ts';
import type { ProbeAnswer, ProbeQuestion } from './probe-messages.ts';

/** A query whose plan needs more than this is a mistake. Of this process, in megabytes. */
const mostMemoryMb = 1024;

process.on('disconnect', () => process.exit(1));
/** The question that DuckDB works on. */
let current = 0;
// DuckDB works on another thread, so this continues while it plans, and only a kill stops it.
const watch = setInterval(() => {
  if (process.memoryUsage.rss() <= mostMemoryMb * 1024 ** 2) return;
  clearInterval(watch);
  const stopped = `it takes more than ${mostMemoryMb} MB of memory`;
  process.send?.({ id: current, stopped } satisfies ProbeAnswer, undefined, undefined, () =>
    process.kill(process.pid, 'SIGKILL'),
  );
}, 20).unref();

/** Without the optimizer nothing of a query is evaluated: it would fold what has constant arguments. */
const settings = [
  "SET TimeZone = 'UTC'",
  'SET errors_as_json = true',
  'PRAGMA disable_optimizer',
  'SET enable_external_access = false',
  'SET lock_configuration = true',
];

interface Opened {
  readonly session: Session;
  readonly connection: DuckDBConnection;
}

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

const open = async (): Promise<Opened> => ({
  session: await (await openEngine()).session(),
  connection: await connect(),
});

const answer = async (question: ProbeQuestion, { session, connection }: Opened): Promise<ProbeAnswer> => {
  const { id } = question;
  try {
    switch (question.ask) {
      case 'read':
        return { id, parsed: await readSql(session, question.text) };
      case 'describe':
        return { id, description: await describeQuery(connection, question) };
      case 'lineage':
        return { id, lineage: await lineageOf(connection, question) };
      default:
        return { id, doubts: findDoubts(await treeOf(connection, question.text), question) };
    }
  } catch (error) {
    return { id, stopped: error instanceof Error ? error.message : String(error) };
  }
};

const lineageOf = async (connection: DuckDBConnection, question: ProbeQuestion & { readonly ask: 'lineage' }) => {
  aggregates ??= await namesOfAggregates(connection);
  const { statements } = (await treeOf(connection, question.text)) as {
    readonly statements?: readonly { node: unknown }[];
  };
  return queryLineage(statements?.[0]?.node, question, aggregates);
};

let aggregates: ReadonlySet<string> | null = null;

const namesOfAggregates = async (connection: DuckDBConnection): Promise<ReadonlySet<string>> => {
  const query =
    "SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions() WHERE function_type = 'aggregate'";
  const result = await connection.runAndReadAll(query);
  return new Set(result.getRowObjectsJS().map(({ name }) => String(name)));
};

/** DuckDB's tree of a query that `readSql` has found to be one. */
const treeOf = async (connection: DuckDBConnection, text: string): Promise<unknown> => {
  const tree = 'json_serialize_sql($text::VARCHAR, skip_null := true, skip_empty := true, skip_default := true)';
  const result = await connection.runAndReadAll(`SELECT ${tree}::VARCHAR AS tree`, { text });
  return JSON.parse(String(result.getRowObjectsJS()[0]?.tree));
};

const say = (said: ProbeAnswer): void => {
  process.send?.(said);
};

try {
  const opened = await open();
  process.on('message', (question: ProbeQuestion) => {
    current = question.id;
    void answer(question, opened).then(say);
  });
  say({ id: 0, ready: true });
} catch (error) {
  say({ id: 0, unavailable: String(error) });
}
