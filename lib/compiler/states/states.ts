import type { JsonObject } from '../../contract/json.ts';

/** States in order, and the one to enter. */
export interface States {
  readonly start: string;
  readonly states: JsonObject;
}

/** Results go through the store, so states hand nothing on. */
export const nothing: JsonObject = {};

export const invoke = 'arn:aws:states:::lambda:invoke';

/** The state that ends a branch after a step: a Catch cannot end one itself. It drops what it gets. */
export function endOf(step: string): string {
  return `${step}: end`;
}

const isEnd = (state: string): boolean => state.endsWith(': end');

/** Goes to a state without output. */
export function continueAt(next: string): JsonObject {
  return isEnd(next) ? { Next: next } : { Output: nothing, Next: next };
}

/** `Next`, or the end of the branch. */
export function toNext(next: string | null): JsonObject {
  return next === null ? { End: true } : { Next: next };
}
