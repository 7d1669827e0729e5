import { platformHandler } from '../../lib/runtime/execution/platform-handler.ts';
import { recordFailureBody } from '../../lib/runtime/execution/record-failure.ts';

/** Lambda entry of the states that follow a failed step. */
export const handler = platformHandler(recordFailureBody);
