/** Package export `daybreak/sinks`: where step handlers send what they have. */
export { type FileTarget, type WritingStep, writeFile } from './files/write-file.ts';
export { type HttpTarget, type SendingStep, type Sent, sendBatches } from './http/send-batches.ts';
export { type Loaded, type LoadStep, loadPostgres, type PostgresTarget } from './postgres/load-postgres.ts';
export type { LoadMode } from './postgres/merge.ts';
