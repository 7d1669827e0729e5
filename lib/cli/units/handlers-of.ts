import { PermanentError } from '../../contract/errors.ts';
import { loadHandlers } from '../../offline/kept/load-handlers.ts';
import { UsageError } from '../typed/usage-error.ts';

/** The handlers of steps, loaded into this process. A module that cannot be loaded is a mistake of its author. */
export async function handlersOf(...given: Parameters<typeof loadHandlers>): ReturnType<typeof loadHandlers> {
  try {
    return await loadHandlers(...given);
  } catch (error) {
    throw error instanceof PermanentError ? new UsageError(error.message) : error;
  }
}
