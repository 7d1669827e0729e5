import { waitPayload } from '../../lib/contract/payloads.ts';
import { platformHandler } from '../../lib/runtime/execution/platform-handler.ts';
import { wait } from '../../lib/runtime/execution/wait.ts';

/** Lambda entry of the wait states, invoked with a task token. */
export const handler = platformHandler(waitPayload, wait);
