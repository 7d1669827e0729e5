import type * as z from 'zod/mini';
import { PermanentError } from '../../contract/errors.ts';
import type { StepSpecs } from '../../contract/step-spec.ts';
import { type Ports, portsFromEnvironment } from '../../ports/from-environment.ts';
import { parseEvent } from '../parse-event.ts';
import { processPlan } from '../read-plan.ts';

/** A function of the platform: the event that it takes, and its work with the ports of a process and the steps of a pipeline. */
export interface PlatformBody<E, R> {
  readonly event: z.ZodMiniType<E>;
  readonly run: (event: E, ports: Ports, steps: StepSpecs) => Promise<R>;
}

let ports: Promise<Ports> | undefined;

/** The ports of this process: clients and connections are made once and serve every invocation. */
export function processPorts(): Promise<Ports> {
  ports ??= portsFromEnvironment();
  return ports;
}

/** A Lambda handler around a function of the platform. */
export function platformHandler<E, R>({ event: schema, run }: PlatformBody<E, R>) {
  return async (event: unknown): Promise<R> =>
    run(parseEvent(schema, event), await processPorts(), await processPlan());
}

/** The ports of a function that sends dead letters. */
export function withQueue(given: Ports): Ports & Required<Pick<Ports, 'queue'>> {
  const { queue } = given;
  if (!queue) throw new PermanentError('DAYBREAK_QUEUE_URL is not set: it names the dead-letter queue');
  return { ...given, queue };
}
