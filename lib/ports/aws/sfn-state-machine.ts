import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionFacts, StateMachine } from '../ports.ts';
import { awsFault, faultName } from './aws-faults.ts';

/** A state machine of AWS Step Functions. */
export class SfnStateMachine implements StateMachine {
  readonly arn: string;
  readonly #client: SFNClient;

  constructor(client: SFNClient, arn: string) {
    this.arn = arn;
    this.#client = client;
  }

  async start(name: string, input: string): ReturnType<StateMachine['start']> {
    try {
      const command = new StartExecutionCommand({ stateMachineArn: this.arn, name, input });
      const { executionArn = '', startDate } = await this.#client.send(command);
      return { arn: executionArn, started_at: isoTime(startDate) };
    } catch (error) {
      // The SDK may retry a start that has begun. AWS answers the retry like the first try: same name, same input, still running.
      if (faultName(error) === 'ExecutionAlreadyExists') return null;
      throw awsFault(error, `cannot start an execution of ${this.arn}`);
    }
  }

  async describe(executionArn: string): Promise<ExecutionFacts | null> {
    try {
      const found = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
      const { status = 'ABORTED', stopDate } = found;
      return {
        status: status === 'PENDING_REDRIVE' ? 'RUNNING' : status,
        started_at: isoTime(found.startDate),
        ended_at: stopDate ? isoTime(stopDate) : null,
        output: found.output ?? null,
        error: found.error ?? null,
        cause: found.cause ?? null,
      };
    } catch (error) {
      if (faultName(error) === 'ExecutionDoesNotExist') return null;
      throw awsFault(error, `cannot ask for the status of ${executionArn}`);
    }
  }

  async stop(executionArn: string, cause: string | null): Promise<void> {
    try {
      await this.#client.send(new StopExecutionCommand({ executionArn, ...(cause !== null && { cause }) }));
    } catch (error) {
      // Step Functions forgets an execution 90 days after its end.
      if (faultName(error) === 'ExecutionDoesNotExist') return;
      throw awsFault(error, `cannot stop ${executionArn}`);
    }
  }

  async definition(): Promise<string> {
    try {
      const { definition } = await this.#client.send(new DescribeStateMachineCommand({ stateMachineArn: this.arn }));
      return definition ?? '{}';
    } catch (error) {
      throw awsFault(error, `cannot read the definition of ${this.arn}`);
    }
  }
}

const isoTime = (date: Date | undefined): string => (date ?? new Date()).toISOString();
