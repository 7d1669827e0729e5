import { preparePayload } from '../../lib/contract/payloads.ts';
import { platformHandler } from '../../lib/runtime/execution/platform-handler.ts';
import { prepare } from '../../lib/runtime/execution/prepare.ts';

/** Lambda entry of the state that starts an execution. */
export const handler = platformHandler(preparePayload, prepare);
