import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline as flow } from 'node:stream/promises';
import type { PublishedDataset, PublishedVersion } from '../../../contract/published/published-version.ts';
import type { ObjectStore } from '../../../ports/ports.ts';
import { readable } from '../../../published/open-published.ts';
import { writeParquet } from '../../../published/write-parquet.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { counted } from '../../render/format.ts';
import type { Rows } from '../../tables/result-table.ts';
import { csvField, exactJson } from '../../tables/value-text.ts';
import { shortPath } from '../../typed/command-line.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { chosenPublished, versionFacts } from './published-dataset.ts';

const formats = ['parquet', 'csv', 'json'] as const;
type Format = (typeof formats)[number];

/** Writes a published dataset to a file. The file gets its name when it is complete: it holds one version, or does not exist. */
export async function exportDataset(invocation: Invocation, context: Context): Promise<Answer> {
  const out = invocation.option('out');
  if (out === null) throw new UsageError('export needs --out <file>');
  const format = formatOf(invocation.option('format'), out);
  const { place, version, entry } = await chosenPublished(invocation, context);
  const file = resolve(context.io.cwd, out);
  const abort = new AbortController();
  const release = context.onInterrupt(() => abort.abort(new Error('interrupted')));
  const facts = { ...versionFacts(version), dataset: `${entry.step}.${entry.dataset}`, format, rows: entry.rows, file };
  try {
    await mkdir(dirname(file), { recursive: true });
    if (format === 'parquet') await writeParquet(place.store, entry, file, abort.signal);
    else await writeText(place.store, { version, entry, format, file, signal: abort.signal });
  } catch (error) {
    if (context.interrupted !== null) return { exitCode: context.interrupted, json: facts, text: '' };
    throw error;
  } finally {
    release();
  }
  const { paint } = context;
  return {
    exitCode: 0,
    json: facts,
    text: `${paint(shortPath(file, context))}: ${counted(entry.rows, 'row')} of ${paint(facts.dataset)}, version ${version.version}`,
  };
}

function formatOf(typed: string | null, out: string): Format {
  const wanted = typed ?? /\.(\w+)$/.exec(out)?.[1] ?? '';
  const found = formats.find((format) => format === wanted);
  if (found) return found;
  throw new UsageError(
    typed === null
      ? `the name "${out}" ends in no known format: add --format parquet, csv or json`
      : `--format "${typed}" is not parquet, csv or json`,
  );
}

interface TextFile {
  readonly version: PublishedVersion;
  readonly entry: PublishedDataset;
  readonly format: Exclude<Format, 'parquet'>;
  readonly file: string;
  readonly signal: AbortSignal;
}

/** JSON is one object per line. CSV is what PostgreSQL's COPY reads: a null is an empty field, an empty text is "". */
async function writeText(store: ObjectStore, { version, entry, format, file, signal }: TextFile): Promise<void> {
  const reader = readable(store, version, signal);
  const temporary = `${file}.${process.pid}.tmp`;
  const columns = Object.keys(entry.columns);
  const line = (row: Rows[number]): string =>
    format === 'json' ? JSON.stringify(exactJson(row)) : columns.map((name) => csvField(row[name] ?? null)).join(',');
  async function* lines(): AsyncGenerator<string> {
    if (format === 'csv') yield `${columns.map(csvField).join(',')}\n`;
    for await (const batch of reader.rows<Rows[number]>(`${entry.step}.${entry.dataset}`))
      yield batch.map((row) => `${line(row)}\n`).join('');
  }
  try {
    await flow(Readable.from(lines()), createWriteStream(temporary));
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
    await reader.close();
  }
}
