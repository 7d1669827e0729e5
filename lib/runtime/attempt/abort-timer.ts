import type { Clock } from '../../ports/ports.ts';

/** Time for a handler to stop by itself: a tenth of its time, at most five seconds. */
const longestNotice = 5_000;

/** A signal that fires shortly before the deadline, until `stop` is called. */
export function startAbortTimer(
  clock: Clock,
  deadline: number | undefined,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const abort = new AbortController();
  const stopped = new AbortController();
  if (deadline !== undefined) {
    const left = Math.max(0, deadline - clock.now());
    const notice = Math.min(longestNotice, left / 10);
    const reason = new DOMException(`the step is stopped ${Math.ceil(notice)} ms before its time-out`, 'TimeoutError');
    clock.sleep(left - notice, stopped.signal).then(
      () => abort.abort(reason),
      () => undefined,
    );
  }
  return { signal: abort.signal, stop: () => stopped.abort() };
}
