/** Package export `daybreak/sources`: the places that step handlers read from. */

export { exactJson } from '../runtime/fetch/strict-response.ts';
export { type FilesSource, type LoadedFiles, type LoadingStep, loadFiles } from './files/read/load-files.ts';
export type { Quarantine } from './files/read/rejected-lines.ts';
export type { Token } from './http/bearer-token.ts';
export { type AnyNumber, isAnyNumber } from './http/read/any-number.ts';
export { httpPages } from './http/read/http-pages.ts';
export type { CountedPage, HttpCursor, HttpPage, HttpSource, Schema } from './http/read/http-source.ts';
export { byCursor, byLink } from './http/read/named-pages.ts';
export { byOffset, byPageNumber } from './http/read/numbered-pages.ts';
export type { Paging, ReadPage } from './http/read/paging.ts';
export type { PostgresOptions } from './postgres/connection-settings.ts';
export type { Extract, ExtractingStep } from './postgres/read/extract.ts';
export { extractPostgres, type PostgresSnapshot, readPostgres } from './postgres/read/read-postgres.ts';
export { ident, type Sql, type SqlValue, sql } from './postgres/sql.ts';
