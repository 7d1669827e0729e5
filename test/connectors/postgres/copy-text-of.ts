import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { postgresPrograms } from '../../support/postgres-server.ts';

/** PostgreSQL's own text of a query's rows, from psql: lines of COPY, in UTC, as an extract sees them. */
export function copyTextOf(url: string, query: string): readonly string[] {
  const text = psql(url, `COPY (${query}) TO STDOUT`);
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** The output of psql for some statements, without alignment and headings. */
export function psql(url: string, statements: string): string {
  return execFileSync(
    join(postgresPrograms ?? '', 'psql'),
    [url, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', statements],
    {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, PGTZ: 'UTC', PGDATESTYLE: 'ISO, YMD', PGOPTIONS: '-c intervalstyle=iso_8601' },
    },
  );
}
