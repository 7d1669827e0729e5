/** Package export `daybreak/sources`: what step handlers read from. */
export { type FilesSource, type LoadedFiles, type LoadingStep, loadFiles } from './files/load-files.ts';
export type { Quarantine } from './files/rejected-lines.ts';
export type { Token } from './http/bearer-token.ts';
export { type HttpCursor, type HttpPage, type HttpSource, httpPages, type Schema } from './http/http-pages.ts';
export { byCursor, byLink, byOffset, byPageNumber, type Paging, type ReadPage } from './http/paging.ts';
export type { PostgresOptions } from './postgres/connection-settings.ts';
export type { Extract, ExtractingStep } from './postgres/extract.ts';
export { extractPostgres, type PostgresSnapshot, readPostgres } from './postgres/read-postgres.ts';
export { ident, type Sql, type SqlValue, sql } from './postgres/sql.ts';
