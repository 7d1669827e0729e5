import { setTimeout as sleep } from 'node:timers/promises';
import type { Step, StepFunction } from '../step.ts';

/** The longest wait of an attempt for work that its handler left behind: long enough for a forgotten request to fail. Handlers that leave nothing wait for nothing. */
const patienceMs = 250;

const everyMs = 10;

type Listener = (reason: unknown, promise: Promise<unknown>) => void;

/**
 * Runs a handler so that a promise which it did not await fails the attempt, too, when it is rejected: while the handler runs, or shortly after, while timers, files or connections
 * are open that were not before. Without it such a rejection would end the process, after the step has succeeded.
 */
export function awaitStragglers(handler: StepFunction): StepFunction {
  return async (step: Step) => {
    const { promise: rejected, reject } = Promise.withResolvers<never>();
    rejected.catch(() => undefined);
    const release = takeRejections(reject);
    const before = openWork();
    try {
      const result = await Promise.race([handler(step), rejected]);
      await Promise.race([quiet(before), rejected]);
      return result;
    } finally {
      release();
    }
  };
}

/** Lambda's own listener would end the process at once; it has its turn again afterwards. */
function takeRejections(listener: Listener): () => void {
  const others = process.listeners('unhandledRejection') as Listener[];
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', listener);
  return () => {
    process.off('unhandledRejection', listener);
    for (const other of others) process.on('unhandledRejection', other);
  };
}

async function quiet(before: ReadonlyMap<string, number>): Promise<void> {
  // Node tells of a rejected promise after the turn in which it was rejected.
  await new Promise(setImmediate);
  const deadline = performance.now() + patienceMs;
  while (hasMore(before, openWork()) && performance.now() < deadline) await sleep(everyMs);
}

/** Number of open timers, requests and connections by kind. */
function openWork(): ReadonlyMap<string, number> {
  const kinds = Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind);
  return new Map([...kinds].map(([kind, all]) => [kind, all.length]));
}

const hasMore = (before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): boolean =>
  [...now].some(([kind, count]) => count > (before.get(kind) ?? 0));
