/** Package export `daybreak/operate`: deployed pipelines for programs. */
export { RunRefusedError } from './run-refused-error.ts';
export { StackError } from './stack-error.ts';
export { type Start, type StartedRun, startRun } from './start-run.ts';
