/**
 * Counts from the context object, as JSONata. Both are documented, but an engine that leaves one out until there is something to count must not make the state fail,
 * so an absent count is none.
 */
export const contextValues = {
  redriveCount: '$max([0, $states.context.Execution.RedriveCount])',
  retryCount: '$max([0, $states.context.State.RetryCount])',
} as const;

/** The same as whole values of a definition. */
export const contextExpressions = {
  redriveCount: `{% ${contextValues.redriveCount} %}`,
  /** From 1. */
  attempt: `{% ${contextValues.retryCount} + 1 %}`,
} as const;
