import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../lib/contract/json.ts';
import type { ExecutionResult, RunningExecution } from '../../lib/offline/asl/api.ts';

/** A state machine that the server runs. */
export interface ServedMachine {
  readonly arn: string;
  readonly definition: string;
  /** Starts an execution in this process. The signal stops it. */
  start(execution: {
    readonly arn: string;
    readonly name: string;
    readonly input: Json;
    readonly signal: AbortSignal;
  }): RunningExecution;
}

interface ServedExecution {
  readonly arn: string;
  readonly input: string;
  readonly startDate: number;
  readonly running: RunningExecution;
  readonly stop: AbortController;
  result: ExecutionResult | null;
  stopDate: number | null;
}

interface Answer {
  readonly status: number;
  readonly answer: Json;
}

const ok = (answer: Json): Answer => ({ status: 200, answer });
const fault = (type: string, message: string): Answer => ({ status: 400, answer: { __type: type, message } });

/**
 * The Step Functions API calls of Daybreak, over the wire protocol (AWS JSON 1.0). Its functions use `execution`; the command line uses `machine`, whose
 * executions start in this process.
 */
export class StepFunctionsServer {
  readonly #server: Server;
  readonly #executions = new Map<string, ServedExecution>();
  execution: RunningExecution | undefined;
  machine: ServedMachine | undefined;
  readonly calls: string[] = [];

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, string>;
      const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      this.calls.push(action);
      const { status, answer } = this.#answer(action, body);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Inputs of the executions that were started, by name. */
  get started(): Readonly<Record<string, Json>> {
    return Object.fromEntries(
      [...this.#executions.values()].map(({ arn, input }) => [arn.split(':').at(-1), JSON.parse(input)]),
    );
  }

  #answer(action: string, body: Record<string, string>): Answer {
    switch (action) {
      case 'SendTaskSuccess':
        return this.#succeed(body.taskToken ?? '', JSON.parse(body.output ?? 'null') as Json);
      case 'StartExecution':
        return this.#startExecution(body.name ?? '', body.input ?? '{}', body.stateMachineArn ?? '');
      case 'StopExecution':
        return this.#stopExecution(body.executionArn ?? '', body.cause);
      case 'DescribeExecution':
        return this.#describe(body.executionArn ?? '');
      case 'DescribeStateMachine':
        return this.machine && this.machine.arn === body.stateMachineArn
          ? ok({ stateMachineArn: this.machine.arn, definition: this.machine.definition, status: 'ACTIVE' })
          : fault('StateMachineDoesNotExist', String(body.stateMachineArn));
      default:
        return fault('UnknownOperationException', action);
    }
  }

  #succeed(token: string, output: Json): Answer {
    const running = [this.execution, ...[...this.#executions.values()].map((each) => each.running)];
    const delivered = running.some((execution) => execution?.succeedTask(token, output));
    return delivered ? ok({}) : fault('TaskTimedOut', 'the token is not waited for');
  }

  #startExecution(name: string, input: string, machineArn: string): Answer {
    const { machine } = this;
    if (!machine || machine.arn !== machineArn) return fault('StateMachineDoesNotExist', machineArn);
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const known = this.#executions.get(arn);
    if (known && (known.result !== null || known.input !== input)) return fault('ExecutionAlreadyExists', arn);
    const stop = known?.stop ?? new AbortController();
    const running =
      known?.running ?? machine.start({ arn, name, input: JSON.parse(input) as Json, signal: stop.signal });
    const served = known ?? { arn, input, running, stop, startDate: Date.now(), result: null, stopDate: null };
    this.#executions.set(arn, served);
    if (!known)
      void running.result.then((result) => {
        served.result = result;
        served.stopDate = Date.now();
      });
    return ok({ executionArn: arn, startDate: served.startDate / 1_000 });
  }

  /** An execution that has ended stays as it is. */
  #stopExecution(arn: string, cause: string | undefined): Answer {
    const found = this.#executions.get(arn);
    if (!found) return fault('ExecutionDoesNotExist', arn);
    found.stop.abort(cause);
    return ok({ stopDate: (found.stopDate ?? Date.now()) / 1_000 });
  }

  #describe(arn: string): Answer {
    if (this.execution && this.#executions.size === 0) return ok({ executionArn: arn, status: 'RUNNING' });
    const found = this.#executions.get(arn);
    if (!found) return fault('ExecutionDoesNotExist', arn);
    const { result, stopDate, startDate } = found;
    return ok({
      executionArn: arn,
      status: result?.status ?? 'RUNNING',
      startDate: startDate / 1_000,
      ...(stopDate !== null && { stopDate: stopDate / 1_000 }),
      ...(result?.status === 'SUCCEEDED' && { output: JSON.stringify(result.output ?? null) }),
      ...(result?.error !== undefined && { error: result.error }),
      ...(result?.cause !== undefined && { cause: result.cause }),
    });
  }
}
