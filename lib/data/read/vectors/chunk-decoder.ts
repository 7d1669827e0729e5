import type { DuckDBDataChunk } from '@duckdb/node-api';
import { type Column, renderColumnType } from '../../../columns/column-type.ts';
import { PermanentError } from '../../../contract/errors.ts';
import { loadVectors, type VectorAccess } from '../../../duckdb/load-vectors.ts';
import type { Row } from '../../row.ts';
import { type ColumnValues, columnOpener } from './column-opener.ts';
import { giveBack } from './give-back.ts';
import { isVectorOf } from './is-vector-of.ts';
import { objectMaker } from './object-maker.ts';
import type { RawVector } from './open-vector.ts';
import { vectorOpener } from './vector-opener.ts';

/** Some rows, column by column. */
export interface ColumnBatch {
  readonly rowCount: number;
  /** Values by column, in order. */
  readonly columns: { readonly [column: string]: ColumnValues };
}

/**
 * Decodes the chunks of one query into handlers' values, piece by piece. A usual chunk (2,048 rows) is one piece; a chunk of long texts or lists is several.
 * The values stay valid after the chunk is gone. Throws an Error if the query has other columns, and a PermanentError that names the column if it cannot make a
 * value.
 */
export interface ChunkDecoder {
  rows(chunk: DuckDBDataChunk): Iterable<Row[]>;
  columns(chunk: DuckDBDataChunk): Iterable<ColumnBatch>;
}

/** Most bytes of memory for one piece; a single row may take more. */
const pieceBytes = 8 * 1024 * 1024;

/** Reads a range of a vector's values. */
interface Opened<T> {
  readonly read: (from: number, to: number) => T;
  readonly bytes: number;
}

type Opener<T> = (access: VectorAccess, raw: RawVector) => Opened<T>;

/** Returns the decoder of a query whose first columns are exactly these, in this order. */
export function chunkDecoder(columns: readonly Column[]): ChunkDecoder {
  const access = loadVectors();
  const names = columns.map(({ name }) => name);
  const rowOpeners = columns.map(({ type }) => vectorOpener(type));
  const columnOpeners = columns.map(({ type }) => columnOpener(type));
  const makeRows = objectMaker(names);

  function* pieces<T>(
    chunk: DuckDBDataChunk,
    openers: readonly Opener<T>[],
  ): Generator<{ readonly values: T[]; readonly count: number }> {
    // Check every chunk: each part of a dataset is a separate query, and the decoder could take bytes of another type for addresses.
    checkColumns(access, chunk, columns);
    const count = chunk.rowCount;
    const taken: Buffer[] = [];
    try {
      const opened = openers.map((open, index) =>
        naming(names[index], () => open(access, { vector: vectorAt(access, chunk, index), count, outer: null, taken })),
      );
      const bytes = opened.reduce((sum, each) => sum + each.bytes, 0);
      const rows = Math.max(1, Math.floor((count * pieceBytes) / Math.max(bytes, pieceBytes)));
      for (let from = 0; from < count; from += rows) {
        const to = Math.min(count, from + rows);
        const values = opened.map(({ read }, index) => naming(names[index], () => read(from, to)));
        // This access comes last, so that the chunk, and all its memory, stays in use until here.
        yield { values, count: Math.min(to, chunk.rowCount) - from };
      }
    } finally {
      taken.forEach(giveBack);
    }
  }

  return {
    *rows(chunk) {
      for (const { values, count } of pieces(chunk, rowOpeners)) yield makeRows(values, count);
    },
    *columns(chunk) {
      for (const { values, count } of pieces(chunk, columnOpeners)) {
        const named = names.map((name, index) => [name, values[index] as ColumnValues]);
        yield { rowCount: count, columns: Object.fromEntries(named) };
      }
    },
  };
}

const vectorAt = (access: VectorAccess, { chunk }: DuckDBDataChunk, index: number) =>
  access.data_chunk_get_vector(chunk, index);

const checkColumns = (access: VectorAccess, chunk: DuckDBDataChunk, columns: readonly Column[]): void => {
  const { columnCount } = chunk;
  // The engine owns the memory of these columns.
  if (columnCount < columns.length) throw new Error(`it has ${columnCount} columns, not ${columns.length}`);
  for (const [index, { name, type }] of columns.entries()) {
    const actual = access.vector_get_column_type(vectorAt(access, chunk, index));
    if (!isVectorOf(access, actual, type)) throw new Error(`column "${name}" is not ${renderColumnType(type)}`);
  }
};

const naming = <T>(name: string | undefined, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PermanentError(`column "${name}" cannot be read: ${reason}`, { cause: error });
  }
};
