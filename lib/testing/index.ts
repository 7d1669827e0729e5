/** Package export `daybreak/testing`: tests of single steps, in any test framework. */
export type { Given, GivenDataset, GivenOf, GivenStep, LogEntry, StepFailure, StepRun, Traces } from './given.ts';
export { stepFailure, stepTest } from './step-test.ts';
