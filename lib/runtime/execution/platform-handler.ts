import type * as z from 'zod/mini';
import { type Ports, portsFromEnvironment } from '../../ports/from-environment.ts';
import { parseEvent } from '../parse-event.ts';

let ports: Promise<Ports> | undefined;

/** The ports of this process: clients and connections are made once and serve every invocation. */
export function processPorts(): Promise<Ports> {
  ports ??= portsFromEnvironment();
  return ports;
}

/** A Lambda handler around a protocol function: checks the event, hands in the ports. */
export function platformHandler<P, R>(schema: z.ZodMiniType<P>, run: (payload: P, ports: Ports) => Promise<R>) {
  return async (event: unknown): Promise<R> => run(parseEvent(schema, event), await processPorts());
}
