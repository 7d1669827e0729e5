/** Names of states that tell for which step they act, so that events need not say it as well. */

const wait = ': wait';

/** The state that waits for a step's dependencies. The state that runs a step has the step's name. */
export function waitName(step: string): string {
  return `${step}${wait}`;
}

/** The step that a state runs or waits for. */
export function stepOf(state: string): string {
  return state.endsWith(wait) ? state.slice(0, -wait.length) : state;
}

/** The step for which a state sent this event, or null: Prepare, Finalize and Reconcile act for none. */
export function stepIn(event: unknown): string | null {
  const { state } = (event ?? {}) as { readonly state?: { readonly Name?: unknown } };
  return typeof state?.Name === 'string' ? stepOf(state.Name) : null;
}
