import { createRequire } from 'node:module';
import type { DuckDBDataChunk } from '@duckdb/node-api';

/** Column of a chunk, or what is nested in one. It lives as long as its chunk. */
export interface Vector {
  readonly __duckdb_type: 'duckdb_vector';
}

export interface LogicalType {
  readonly __duckdb_type: 'duckdb_logical_type';
}

/** What the driver's lower half, `@duckdb/node-bindings`, can do with vectors. All bytes that it hands out are copies: they may be kept when the chunk is gone. */
export interface VectorAccess {
  data_chunk_get_size(chunk: DuckDBDataChunk['chunk']): number;
  data_chunk_get_column_count(chunk: DuckDBDataChunk['chunk']): number;
  data_chunk_get_vector(chunk: DuckDBDataChunk['chunk'], column: number): Vector;
  vector_get_column_type(vector: Vector): LogicalType;
  vector_get_data(vector: Vector, bytes: number): Buffer;
  /** Null when no value is null. */
  vector_get_validity(vector: Vector, bytes: number): Buffer | null;
  list_vector_get_child(vector: Vector): Vector;
  list_vector_get_size(vector: Vector): number;
  struct_vector_get_child(vector: Vector, field: number): Vector;
  /** Reads an address at `offset`, then `bytes` bytes at that address, whatever is there. */
  get_data_from_pointer(buffer: ArrayBuffer, offset: number, bytes: number): Buffer;
  get_type_id(type: LogicalType): number;
  decimal_width(type: LogicalType): number;
  decimal_scale(type: LogicalType): number;
  list_type_child_type(type: LogicalType): LogicalType;
  struct_type_child_count(type: LogicalType): number;
  struct_type_child_name(type: LogicalType, field: number): string;
  struct_type_child_type(type: LogicalType, field: number): LogicalType;
}

/** Access to the driver's vectors. The driver is found first, and this part of it from there, since only the driver is sure to lie where modules are looked for. */
export function loadVectors(): VectorAccess {
  const require = createRequire(import.meta.url);
  return createRequire(require.resolve('@duckdb/node-api'))('@duckdb/node-bindings') as VectorAccess;
}
