/** The package `daybreak`: what step handlers import. */
export { PermanentError, RetryableError, ValidationError } from '../contract/errors.ts';
export type { DaybreakEvent, EventType } from '../contract/events/event.ts';
export type { Json, JsonObject } from '../contract/json.ts';
export { defineStep, type FunctionContext, type StepHandler } from './define-step.ts';
export type { Logger } from './logger.ts';
// All of it, so that the declarations of a project can be merged into its interfaces.
export type * from './pipeline-types.ts';
export type { Columns, Rows, RunFacts, SqlValue, Step, StepFunction, StepQuery, StepWriter } from './step.ts';
export {
  defineSubscriber,
  type Subscriber,
  type SubscriberOptions,
  type SubscriberTools,
} from './subscribers/define-subscriber.ts';
export type { StepOf, TypedWriter } from './typed-step.ts';
