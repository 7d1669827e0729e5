import { createRequire } from 'node:module';
import type { DuckDBDataChunk } from '@duckdb/node-api';

/** A column of a chunk, or a vector nested in one. It lives as long as its chunk. */
export interface Vector {
  readonly __duckdb_type: 'duckdb_vector';
}

export interface LogicalType {
  readonly __duckdb_type: 'duckdb_logical_type';
}

/** The vector functions of the driver's lower half, `@duckdb/node-bindings`. They return copies of bytes, which stay valid after the chunk is gone. */
export interface VectorAccess {
  data_chunk_get_size(chunk: DuckDBDataChunk['chunk']): number;
  data_chunk_get_column_count(chunk: DuckDBDataChunk['chunk']): number;
  data_chunk_get_vector(chunk: DuckDBDataChunk['chunk'], column: number): Vector;
  vector_get_column_type(vector: Vector): LogicalType;
  vector_get_data(vector: Vector, bytes: number): Buffer;
  /** Null if no value is null. */
  vector_get_validity(vector: Vector, bytes: number): Buffer | null;
  list_vector_get_child(vector: Vector): Vector;
  list_vector_get_size(vector: Vector): number;
  struct_vector_get_child(vector: Vector, field: number): Vector;
  /** Reads an address at `offset`, then `bytes` bytes at that address. It does not check the address. */
  get_data_from_pointer(buffer: ArrayBuffer, offset: number, bytes: number): Buffer;
  get_type_id(type: LogicalType): number;
  decimal_width(type: LogicalType): number;
  decimal_scale(type: LogicalType): number;
  list_type_child_type(type: LogicalType): LogicalType;
  struct_type_child_count(type: LogicalType): number;
  struct_type_child_name(type: LogicalType, field: number): string;
  struct_type_child_type(type: LogicalType, field: number): LogicalType;
}

/**
 * Gives access to the driver's vectors. It finds the driver first and resolves the bindings from there, because only the driver is sure to be on the module
 * path.
 */
export function loadVectors(): VectorAccess {
  const require = createRequire(import.meta.url);
  return createRequire(require.resolve('@duckdb/node-api'))('@duckdb/node-bindings') as VectorAccess;
}
