import type { Json } from '../../../contract/json.ts';
import { reconcile } from '../../../runtime/execution/reconcile.ts';
import { TaskFailure } from '../../asl/api.ts';
import { endEvent } from '../../host/start-on-host.ts';
import type { Ended } from './engine-process.ts';
import { faultyPorts } from './faulty-ports.ts';
import { invokeFunction } from './invoke-function.ts';
import { Life } from './life.ts';
import type { Bench, Scope } from './scope.ts';

/** EventBridge and Lambda try this often together before an event is given up; far more than AWS promises, so that only `event_lost` loses one. */
const tries = 30;

/** Sends Reconcile the event of an execution that ended badly: late, twice, or never. True if Reconcile accounted for it. */
export async function account(bench: Bench, pipeline: string, ended: Ended): Promise<boolean> {
  const { chance, faults, world } = bench;
  if (ended.status === 'SUCCEEDED') return false;
  if (faults.happens('event_lost', ended.name)) return false;
  const copies = faults.happens('event_twice', ended.name) ? [1, 2] : [1];
  const told = copies.map(async (copy) => {
    const name = `${ended.name} event ${copy}`;
    await world.clock.sleep(chance.roll(`delay of ${name}`) * 60_000);
    for (let attempt = 1; attempt <= tries; attempt++) {
      if (await tell(bench, { pipeline, ended, label: `${name} #${attempt}` })) return true;
      await world.clock.sleep(30_000);
    }
    return false;
  });
  return (await Promise.all(told)).includes(true);
}

async function tell(
  bench: Bench,
  { pipeline, ended, label }: { readonly pipeline: string; readonly ended: Ended; readonly label: string },
): Promise<boolean> {
  const status = ended.status === 'KILLED' || ended.status === 'SUCCEEDED' ? 'ABORTED' : ended.status;
  const { error, cause } = 'error' in ended ? ended : { error: undefined, cause: undefined };
  const detail = endEvent(ended, { status, error, cause }, bench.world.now());
  const body = async (_: Json, scope: Scope) => {
    const ports = faultyPorts(scope);
    const { queue } = ports;
    if (!queue) throw new Error('Reconcile needs a queue');
    return (await reconcile({ pipeline, detail }, { ...ports, queue })) as unknown as Json;
  };
  try {
    const call = { bench, engine: new Life(), label, fn: 'Reconcile', event: {}, steps: {}, body };
    await Promise.race([invokeFunction({ ...call, timeoutSeconds: 60 }), bench.world.clock.sleep(120_000).then(lost)]);
    return true;
  } catch (failure) {
    if (failure instanceof TaskFailure) return false;
    throw failure;
  }
}

/** The process died, so it gives no answer. */
function lost(): never {
  throw new TaskFailure('Runtime.ExitError', 'no answer');
}
