import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningExecution } from '../../lib/asl/api.ts';
import type { Json } from '../../lib/contract/json.ts';

/** The two calls of the Step Functions API that Daybreak's functions make, over its wire protocol (AWS JSON 1.0), in front of an execution in this process. */
export class StepFunctionsServer {
  readonly #server: Server;
  execution: RunningExecution | undefined;
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

  #answer(action: string, body: Record<string, string>): { status: number; answer: Json } {
    if (action === 'SendTaskSuccess') {
      const delivered = this.execution?.succeedTask(body.taskToken ?? '', JSON.parse(body.output ?? 'null') as Json);
      return delivered
        ? { status: 200, answer: {} }
        : { status: 400, answer: { __type: 'TaskTimedOut', message: 'the token is not waited for' } };
    }
    if (action === 'DescribeExecution')
      return { status: 200, answer: { executionArn: body.executionArn ?? '', status: 'RUNNING' } };
    return { status: 400, answer: { __type: 'UnknownOperationException', message: action } };
  }
}
