import type { JsonObject } from '../../contract/json.ts';
import type { ReconcilePayload } from '../../contract/payloads.ts';
import type { Clock } from '../../ports/ports.ts';
import type { ExecutionOptions, ExecutionResult, HistoryEvent, RunningExecution } from '../asl/api.ts';
import type { Machine } from '../asl/machine.ts';
import { startExecution } from '../asl/start-execution.ts';
import { type InvokeFunction, localTasks } from './local-tasks.ts';

/** The host of an execution outside AWS: time, chance and functions. */
export interface Host {
  readonly clock: Clock;
  /** 0 <= x < 1; share of the jitter that a delay takes. */
  readonly random: () => number;
  readonly invoke: InvokeFunction;
  readonly onEvent?: (event: HistoryEvent) => void;
}

/** An execution as a host starts or redrives it. */
export interface HostedStart
  extends Pick<ExecutionOptions, 'arn' | 'name' | 'redriveCount' | 'earlierEvents' | 'journal' | 'signal'> {
  readonly input: JsonObject;
  /** Milliseconds since 1970; of the first start. */
  readonly startedAt: number;
}

/** Starts an execution of a machine on a host. */
export function startOnHost(machine: Machine, { startedAt, ...start }: HostedStart, host: Host): RunningExecution {
  return startExecution(machine, {
    ...start,
    startTime: new Date(startedAt).toISOString(),
    clock: host.clock,
    random: host.random,
    runTask: localTasks(host.invoke),
    ...(host.onEvent && { onEvent: host.onEvent }),
  });
}

/** The event with which EventBridge reports the end of an execution that did not succeed, as Reconcile takes it. */
export function endEvent(
  { arn, name, input, startedAt, redriveCount = 0 }: HostedStart,
  { status, error, cause }: Pick<ExecutionResult, 'error' | 'cause'> & { readonly status: EndStatus },
  stoppedAt: number,
): ReconcilePayload['detail'] {
  return {
    executionArn: arn,
    name,
    status,
    startDate: startedAt,
    stopDate: stoppedAt,
    input: JSON.stringify(input),
    redriveCount,
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}

export type EndStatus = ReconcilePayload['detail']['status'];
