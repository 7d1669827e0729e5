import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { largestSql, type SqlFile } from './sql/sql-file.ts';

/** Control characters that no query has; the parser would stop at them or read past them. */
const control = /[^\P{Cc}\s]/u;

/** Reads files of queries below the template's folder. A link may lead anywhere inside the project, but not out of it. */
export function sqlFileReader(folder: string, root: string) {
  return (file: string): SqlFile => {
    const path = resolve(folder, file);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return absent(path);
    const real = realpathSync(path);
    const homes = [folder, root].map((home) => `${realpathSync(home)}${sep}`);
    if (!homes.some((home) => real.startsWith(home))) return bad('BAD_PATH', 'is a link that leads out of the project');
    return stats.isFile() ? read(path, stats) : bad('BAD_SQL_FILE', 'is not a file');
  };
}

const bad = (code: 'BAD_PATH' | 'BAD_SQL_FILE', problem: string): SqlFile => ({ code, problem });

const absent = (path: string): SqlFile => ({
  code: 'SQL_FILE_NOT_FOUND',
  problem: lstatSync(path, { throwIfNoEntry: false })
    ? 'is a link to nowhere'
    : 'does not exist; create it, or correct the path',
});

const read = (path: string, { size }: Stats): SqlFile => {
  if (size > largestSql)
    return bad('BAD_SQL_FILE', `has ${size} bytes; the queries of a step may have ${largestSql} together`);
  const text = decoded(readFileSync(path));
  if (text === null) return bad('BAD_SQL_FILE', 'is not text in UTF-8');
  if (control.test(text)) return bad('BAD_SQL_FILE', 'has control characters in it, so it is not the text of a query');
  return text.trim() === '' ? bad('BAD_SQL_FILE', 'is empty') : { text };
};

const decoded = (bytes: Buffer): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};
