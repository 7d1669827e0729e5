import { platformHandler } from '../../lib/runtime/execution/platform-handler.ts';
import { prepareBody } from '../../lib/runtime/execution/prepare.ts';

/** Lambda entry of the state that starts an execution. */
export const handler = platformHandler(prepareBody);
