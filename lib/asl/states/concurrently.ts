import { linkedController } from '../abort.ts';
import type { Branch } from '../branch.ts';
import type { Visit } from '../visit.ts';

/** One of the threads of a Parallel or Map: what it does, in its own branch. */
export type Thread = (branch: Branch) => Promise<void>;

/**
 * Runs threads side by side inside a state. The first rejection aborts the others (their signals fire, their tokens die), waits until all have stopped,
 * hands the branches to `onFailure` in order, and is thrown.
 */
export const concurrently = async (
  visit: Visit,
  open: (signal: AbortSignal) => readonly { readonly branch: Branch; readonly run: () => Promise<void> }[],
  onFailure: (branches: readonly Branch[], failed: Branch | null) => void,
): Promise<void> => {
  const { controller, release } = linkedController(visit.branch.signal);
  const threads = open(controller.signal);
  let failure: { readonly error: unknown; readonly branch: Branch } | null = null;
  const watch = async ({ branch, run }: (typeof threads)[number]): Promise<void> => {
    try {
      await run();
      visit.branch.lastEvent = branch.lastEvent;
    } catch (error) {
      failure ??= { error, branch };
      controller.abort(new Error(`a sibling in state '${visit.state.name}' failed`));
    }
  };
  await Promise.all(threads.map(watch));
  release();
  const first = failure as { readonly error: unknown; readonly branch: Branch } | null;
  if (first === null) return;
  const ownFailure = !visit.branch.signal.aborted;
  visit.branch.lastEvent = first.branch.lastEvent;
  onFailure(
    threads.map(({ branch }) => branch),
    ownFailure ? first.branch : null,
  );
  throw first.error;
};
