import { finalizeBody } from '../../lib/runtime/execution/finalize.ts';
import { platformHandler } from '../../lib/runtime/execution/platform-handler.ts';

/** Lambda entry of the state that ends an execution. */
export const handler = platformHandler(finalizeBody);
