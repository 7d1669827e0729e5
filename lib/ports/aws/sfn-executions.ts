import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { Executions } from '../ports.ts';
import { awsFault, faultName } from './aws-faults.ts';

/** Executions of AWS Step Functions. */
export class SfnExecutions implements Executions {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  async status(arn: string): ReturnType<Executions['status']> {
    try {
      const { status } = await this.#client.send(new DescribeExecutionCommand({ executionArn: arn }));
      if (status === undefined) return null;
      // The execution is about to continue automatically: no other one may start in its place.
      return status === 'PENDING_REDRIVE' ? 'RUNNING' : status;
    } catch (error) {
      if (faultName(error) === 'ExecutionDoesNotExist') return null;
      throw awsFault(error, `cannot ask for the status of ${arn}`);
    }
  }
}
