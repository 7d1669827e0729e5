/** Package export `daybreak/sinks`: where step handlers send what they have. */
export { type FileTarget, type WritingStep, writeFile } from './files/write/write-file.ts';
export { type HttpTarget, type SendingStep, type Sent, sendBatches } from './http/write/send-batches.ts';
export { type Loaded, type LoadStep, loadPostgres, type PostgresTarget } from './postgres/write/load-postgres.ts';
export type { LoadMode } from './postgres/write/merge.ts';
