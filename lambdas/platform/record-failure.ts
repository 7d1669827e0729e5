import { recordFailurePayload } from '../../lib/contract/payloads.ts';
import { platformHandler } from '../../lib/runtime/execution/platform-handler.ts';
import { recordFailure } from '../../lib/runtime/execution/record-failure.ts';

/** Lambda entry of the states that a failed step leads to. */
export const handler = platformHandler(recordFailurePayload, recordFailure);
