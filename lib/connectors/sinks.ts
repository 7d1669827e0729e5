/** Package export `daybreak/sinks`: the places that step handlers send data to. */
export { type FileTarget, type WritingStep, writeFile } from './files/write/write-file.ts';
export type { ColumnForms } from './http/write/column-forms.ts';
export type { ColumnForm } from './http/write/form-changes.ts';
export type { HttpTarget, Refusal, SendingStep, Sent, SentAnswer } from './http/write/http-target.ts';
export { refusalIn } from './http/write/refusal-in.ts';
export { sendBatches } from './http/write/send-batches.ts';
export { type Loaded, type LoadStep, loadPostgres, type PostgresTarget } from './postgres/write/load-postgres.ts';
export type { LoadMode } from './postgres/write/merge.ts';
