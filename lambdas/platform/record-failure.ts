import { platformHandler } from '../../lib/runtime/execution/platform-handler.ts';
import { recordFailureBody } from '../../lib/runtime/execution/record-failure.ts';

/** Lambda entry of the states that a failed step leads to. */
export const handler = platformHandler(recordFailureBody);
