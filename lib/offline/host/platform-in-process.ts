import { placeholders } from '../../compiler/states/placeholders.ts';
import type { Json } from '../../contract/json.ts';
import { finalizePayload, preparePayload, recordFailurePayload, waitPayload } from '../../contract/payloads.ts';
import type { Ports } from '../../ports/from-environment.ts';
import { finalize } from '../../runtime/execution/finalize.ts';
import { prepare } from '../../runtime/execution/prepare.ts';
import { recordFailure } from '../../runtime/execution/record-failure.ts';
import { wait } from '../../runtime/execution/wait.ts';

type PlatformFunction = (event: Json, ports: Ports) => Promise<unknown>;

/** The functions of the platform, run in this process with any ports. They check their events as on Lambda. */
export const platformInProcess: Readonly<Record<string, PlatformFunction>> = {
  [placeholders.prepare]: (event, ports) => prepare(preparePayload.parse(event), ports),
  [placeholders.wait]: (event, ports) => wait(waitPayload.parse(event), ports),
  [placeholders.recordFailure]: (event, ports) => recordFailure(recordFailurePayload.parse(event), ports),
  [placeholders.finalize]: (event, ports) => finalize(finalizePayload.parse(event), ports),
};
