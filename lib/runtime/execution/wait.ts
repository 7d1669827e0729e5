/** The waiter's half of a wait; the other half is signal.ts. ARCHITECTURE.md, "Waits", explains why no wake-up is missed; test/runtime/execution/wait-protocol.test.ts explores it. */
import { waitKey } from '../../contract/object-keys.ts';
import { type WaitEvent, waitEvent } from '../../contract/payloads.ts';
import type { WaitRank, WaitRecord } from '../../contract/records/wait.ts';
import { resolveWait, type WaitPayload } from '../../contract/resolve-event.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { createJson } from '../records/json-objects.ts';
import { haveSettled } from '../records/settle.ts';
import { wakeUp } from '../records/signal.ts';
import { swapJson } from '../records/swap-json.ts';
import type { PlatformBody } from './platform-handler.ts';

/** `ready`: all dependencies have settled, and this invocation has answered the token. */
export interface WaitResult {
  readonly ready: boolean;
}

export const waitBody: PlatformBody<WaitEvent, WaitResult> = {
  event: waitEvent,
  run: (event, ports, steps) => wait(resolveWait(event, steps), ports),
};

/** Leaves the token for the producers, then looks whether there is still anything to wait for. */
export async function wait(
  payload: WaitPayload,
  { store, tokens }: Pick<RuntimePorts, 'store' | 'tokens'>,
): Promise<WaitResult> {
  const { run, step, awaits, token, rank } = payload;
  if (!(await leaveToken(store, waitKey(run, step), { token, rank }))) return { ready: false };
  // Most waiters have something to wait for: one look shows it. Further looks only confirm that there is nothing.
  const [first = '', ...others] = awaits;
  const ready = (await haveSettled(store, run, [first])) && (await haveSettled(store, run, others));
  if (ready) await tokens.succeed(token, wakeUp);
  return { ready };
}

/**
 * Puts the token over none or one of a lower rank. An invocation that outlived its attempt has a lower rank than the attempt that replaced it, and leaves the
 * live token alone.
 */
async function leaveToken(store: ObjectStore, key: string, record: WaitRecord): Promise<boolean> {
  // Mostly there is none: then one request does.
  if (record.rank[0] + record.rank[2] === 0 && (await createJson(store, key, record))) return true;
  return swapJson<WaitRecord, boolean>(store, key, (there) => {
    if (there?.token === record.token) return { answer: true };
    if (there && compareRanks(there.rank, record.rank) >= 0) return { answer: false };
    return { write: record, answer: true };
  });
}

/** Below zero when `a` is the earlier attempt. */
export function compareRanks(a: WaitRank, b: WaitRank): number {
  return a[0] - b[0] || Date.parse(a[1]) - Date.parse(b[1]) || a[2] - b[2];
}
