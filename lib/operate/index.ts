/** Package export `daybreak/operate`: deployed pipelines for programs. */
export { RunRefusedError } from './runs/run-refused-error.ts';
export { type Start, type StartedRun, startRun } from './runs/start-run.ts';
export { StackError } from './stacks/stack-error.ts';
