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
  /** The same for a state that is entered again after a yield: the retry count begins anew there, the attempts do not. */
  longAttempt: `{% $max([1, $states.input.yielded.attempt]) + ${contextValues.retryCount} %}`,
  /** What a yield has told the state that is entered again; null when it is entered from elsewhere. */
  yielded: '{% $exists($states.input.yielded) ? $states.input.yielded : null %}',
} as const;
