import { platformHandler } from '../../lib/runtime/execution/platform-handler.ts';
import { waitBody } from '../../lib/runtime/execution/wait.ts';

/** Lambda entry of the wait states, invoked with a task token. */
export const handler = platformHandler(waitBody);
