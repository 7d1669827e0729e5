/** Package export `daybreak/sources`: what step handlers read from. */
export type { PostgresOptions } from './postgres/connection-settings.ts';
export type { Extract } from './postgres/extract.ts';
export { extractPostgres, type PostgresSnapshot, readPostgres } from './postgres/read-postgres.ts';
export { ident, type Sql, type SqlValue, sql } from './postgres/sql.ts';
