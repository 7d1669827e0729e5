import { linkedController } from '../linked-controller.ts';
import type { Visit } from '../visit.ts';

/**
 * Runs threads side by side inside a state. The first rejection aborts the others (their signals fire, their tokens die), waits until all have stopped,
 * lets `onFailure` write what was aborted, and is thrown.
 */
export async function concurrently(
  visit: Visit,
  open: (signal: AbortSignal) => readonly (() => Promise<void>)[],
  onFailure: () => void,
): Promise<void> {
  const { controller, release } = linkedController(visit.branch.signal);
  const failures: unknown[] = [];
  const watch = (run: () => Promise<void>): Promise<void> =>
    run().catch((error: unknown) => {
      failures.push(error);
      controller.abort(new Error(`a sibling in state '${visit.state.name}' failed`));
    });
  await Promise.all(open(controller.signal).map(watch));
  release();
  if (failures.length === 0) return;
  onFailure();
  throw failures[0];
}
