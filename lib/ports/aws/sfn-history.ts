import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { EndedExecution, MachineHistory } from '../ports.ts';
import { awsClientSettings, type Environment } from './aws-client-settings.ts';
import { awsFault } from './aws-faults.ts';

/** The executions of an AWS Step Functions machine in the last 90 days. */
export class SfnHistory implements MachineHistory {
  readonly #client: SFNClient;
  readonly #arn: string;

  constructor(client: SFNClient, arn: string) {
    this.#client = client;
    this.#arn = arn;
  }

  async createdAt(): Promise<number> {
    const { creationDate } = await this.#ask(() =>
      this.#client.send(new DescribeStateMachineCommand({ stateMachineArn: this.#arn })),
    );
    return creationDate?.getTime() ?? 0;
  }

  async *executions(): AsyncIterable<EndedExecution> {
    const pages = paginateListExecutions({ client: this.#client, pageSize: 100 }, { stateMachineArn: this.#arn });
    for (;;) {
      const { value: page, done } = await this.#ask(() => pages.next());
      if (done || !page) return;
      for (const { executionArn, name, status, startDate, stopDate, redriveCount } of page.executions ?? []) {
        if (!executionArn || !name || !startDate || !stopDate) continue;
        if (status === undefined || status === 'RUNNING' || status === 'PENDING_REDRIVE') continue;
        const times = { startDate: startDate.getTime(), stopDate: stopDate.getTime() };
        yield { executionArn, name, status, ...times, redriveCount: redriveCount ?? 0 };
      }
    }
  }

  async describe(executionArn: string): ReturnType<MachineHistory['describe']> {
    const found = await this.#ask(() => this.#client.send(new DescribeExecutionCommand({ executionArn })));
    const { input = null, output = null, error = null, cause = null } = found;
    return { input, output, error, cause };
  }

  async #ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw awsFault(error, `cannot read what ${this.#arn} has run`);
    }
  }
}

/** Opens the history of the machine with this ARN. */
export function openHistory(arn: string, env: Environment = process.env): MachineHistory {
  return new SfnHistory(new SFNClient(awsClientSettings(env, 'SFN')), arn);
}
