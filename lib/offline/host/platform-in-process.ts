import type { Json } from '../../contract/json.ts';
import { platformFunctions } from '../../contract/platform-functions.ts';
import type { StepSpecs } from '../../contract/step-spec.ts';
import type { Ports } from '../../ports/from-environment.ts';
import { finalizeBody } from '../../runtime/execution/finalize.ts';
import type { PlatformBody } from '../../runtime/execution/platform-handler.ts';
import { prepareBody } from '../../runtime/execution/prepare.ts';
import { recordFailureBody } from '../../runtime/execution/record-failure.ts';
import { waitBody } from '../../runtime/execution/wait.ts';

type PlatformFunction = (event: Json, ports: Ports, steps: StepSpecs) => Promise<unknown>;

/** The functions of the platform that a machine invokes, run in this process with any ports. They check their events as on Lambda. */
export const platformInProcess: Readonly<Record<string, PlatformFunction>> = {
  [platformFunctions.prepare.placeholder]: inProcess(prepareBody),
  [platformFunctions.wait.placeholder]: inProcess(waitBody),
  [platformFunctions.recordFailure.placeholder]: inProcess(recordFailureBody),
  [platformFunctions.finalize.placeholder]: inProcess(finalizeBody),
};

function inProcess<E, R>({ event: schema, run }: PlatformBody<E, R>): PlatformFunction {
  return (event, ports, steps) => run(schema.parse(event), ports, steps);
}
