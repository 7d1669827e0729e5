/** Package export `daybreak/operate`: deployed pipelines for programs. */
export { RunRefusedError } from './runs/run-refused-error.ts';
export { StackError } from './runs/stack-error.ts';
export { type Start, type StartedRun, startRun } from './runs/start-run.ts';
