import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PermanentError } from '../contract/errors.ts';
import { awsClientSettings, type Environment } from './aws/aws-client-settings.ts';
import { reservedSegment } from './object-key.ts';
import { openEvents } from './open-events.ts';
import { openQueue } from './open-queue.ts';
import { openStore } from './open-store.ts';
import type { Clock, DeadLetterQueue, Events, Executions, ObjectStore, TaskTokens } from './ports.ts';
import { SystemClock } from './system-clock.ts';

/** Everything that a platform function or a step needs from outside. */
export interface Ports {
  readonly store: ObjectStore;
  readonly tokens: TaskTokens;
  readonly executions: Executions;
  readonly clock: Clock;
  /** Only for functions that have DAYBREAK_QUEUE_URL. */
  readonly queue?: DeadLetterQueue;
  /** Only for functions that have DAYBREAK_EVENT_BUS, and for all on this machine. */
  readonly events?: Events;
}

/** Opens the ports that DAYBREAK_STORE, DAYBREAK_QUEUE_URL and DAYBREAK_EVENT_BUS name: AWS for `s3://`, this machine for `file://`. */
export async function portsFromEnvironment(env: Environment = process.env): Promise<Ports> {
  const url = env.DAYBREAK_STORE;
  if (!url)
    throw new PermanentError('DAYBREAK_STORE is not set: it names the store, s3://<bucket> or file:///<folder>');
  const store = await openStore(url, env);
  const engine = url.startsWith('file:') ? await localEngine(url) : stepFunctions(env);
  const queue = env.DAYBREAK_QUEUE_URL ? { queue: await openQueue(env.DAYBREAK_QUEUE_URL, env) } : {};
  const events = openEvents(url, env);
  return { store, ...engine, clock: new SystemClock(), ...queue, ...(events && { events }) };
}

/** Returns the folder where the offline engine records its executions: in the store's own folder, which no key reaches. */
export function localExecutionsFolder(storeUrl: string): string {
  return join(fileURLToPath(storeUrl), reservedSegment, 'executions');
}

const localEngine = async (storeUrl: string): Promise<Pick<Ports, 'tokens' | 'executions'>> => {
  const { IpcTaskTokens } = await import('./folder/ipc-task-tokens.ts');
  const { FolderExecutions } = await import('./folder/folder-executions.ts');
  return { tokens: new IpcTaskTokens(process), executions: new FolderExecutions(localExecutionsFolder(storeUrl)) };
};

/** Loads the client at its first use: most steps do not wake any execution, and a client makes a cold start longer. */
const stepFunctions = (env: Environment): Pick<Ports, 'tokens' | 'executions'> => {
  const settings = awsClientSettings(env, 'SFN');
  const load = async () => (await import('./aws/open-step-functions.ts')).openStepFunctions(settings);
  let loaded: ReturnType<typeof load> | undefined;
  const loadOnce = (): ReturnType<typeof load> => {
    loaded ??= load();
    return loaded;
  };
  return {
    tokens: { succeed: async (token, output) => (await loadOnce()).tokens.succeed(token, output) },
    executions: { status: async (arn) => (await loadOnce()).executions.status(arn) },
  };
};
