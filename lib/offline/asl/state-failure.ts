import type { JsonObject } from '../../contract/json.ts';

/** A state failed, or a whole execution: the name that retriers and catchers match, and a text. Both may be absent, as in a Fail state without them. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  constructor(error: string | undefined, cause: string | undefined) {
    super(`${error ?? 'no error name'}: ${cause ?? 'no cause'}`);
    this.error = error;
    this.cause = cause;
  }

  /** The form in history events, without absent fields. */
  details(): JsonObject {
    const { error, cause } = this;
    return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  }

  /** As a catcher's `$states.errorOutput` has it. */
  errorOutput(): JsonObject {
    const { error, cause } = this;
    return { ...(error !== undefined && { Error: error }), ...(cause !== undefined && { Cause: cause }) };
  }
}

/** A JSONata expression or a field's value is not what the state needs. Written to the history as EvaluationFailed. */
export class EvaluationFailure extends StateFailure {
  /** Field and place in it: `Arguments/Payload/run`. */
  readonly location: string;
  constructor(location: string, cause: string) {
    super('States.QueryEvaluationError', cause);
    this.location = location;
  }
}
