import type { DuckDBDataChunk } from '@duckdb/node-api';
import { PermanentError } from '../../contract/errors.ts';
import { loadVectors } from '../../duckdb/load-vectors.ts';
import { type Column, renderColumnType } from '../column-type.ts';
import type { Row } from '../row.ts';
import { type ColumnValues, columnDecoder } from './column-decoder.ts';
import { vectorDecoder } from './decode-vector.ts';
import { isVectorOf } from './is-vector-of.ts';
import { objectMaker } from './object-maker.ts';
import type { VectorSlice } from './vector-decoder.ts';

/** Some rows, column by column. */
export interface ColumnBatch {
  readonly rowCount: number;
  /** By column, in order. */
  readonly columns: { readonly [column: string]: ColumnValues };
}

/** Makes what handlers read of the chunks of one query. What it has made stays as it is when the chunk is gone. */
export interface ChunkDecoder {
  /** Throws an Error when the query's columns are others. */
  rows(chunk: DuckDBDataChunk): Row[];
  /** The same, column by column. */
  columns(chunk: DuckDBDataChunk): ColumnBatch;
}

/** The decoder of a query that has exactly these columns, in this order. */
export const chunkDecoder = (columns: readonly Column[]): ChunkDecoder => {
  const access = loadVectors();
  const rowDecoders = columns.map(({ type }) => vectorDecoder(type));
  const columnDecoders = columns.map(({ type }) => columnDecoder(type));
  const makeRows = objectMaker(columns.map(({ name }) => name));

  const check = (chunk: DuckDBDataChunk): void => {
    if (chunk.columnCount !== columns.length)
      throw new Error(`the query has ${chunk.columnCount} columns, not ${columns.length}`);
    for (const [index, { name, type }] of columns.entries()) {
      const actual = access.vector_get_column_type(access.data_chunk_get_vector(chunk.chunk, index));
      if (!isVectorOf(access, actual, type)) throw new Error(`column "${name}" is not ${renderColumnType(type)}`);
    }
  };

  const decode = <T>(
    chunk: DuckDBDataChunk,
    decoders: readonly ((vectors: typeof access, slice: VectorSlice) => T)[],
  ): T[] => {
    // Every chunk: the parts of a dataset are queries of their own, and bytes of another type could be taken for addresses.
    check(chunk);
    const count = chunk.rowCount;
    return decoders.map((each, index) => {
      const vector = access.data_chunk_get_vector(chunk.chunk, index);
      try {
        return each(access, { vector, count, outer: null });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new PermanentError(`column "${columns[index]?.name}" cannot be read: ${reason}`, { cause: error });
      }
    });
  };

  return {
    rows: (chunk) => makeRows(decode(chunk, rowDecoders), chunk.rowCount),
    columns: (chunk) => {
      const values = decode(chunk, columnDecoders);
      const named = columns.map(({ name }, index) => [name, values[index] as ColumnValues]);
      return { rowCount: chunk.rowCount, columns: Object.fromEntries(named) };
    },
  };
};
