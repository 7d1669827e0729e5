import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import type { FunctionLogs, LogEvent } from '../../ports.ts';
import { awsFault } from '../aws-faults.ts';

/** The log groups that a CloudFormation stack has, in CloudWatch Logs. */
export class CloudWatchFunctionLogs implements FunctionLogs {
  readonly #stack: string;
  readonly #stacks: CloudFormationClient;
  readonly #logs: CloudWatchLogsClient;

  constructor(stack: string, clients: { readonly stacks: CloudFormationClient; readonly logs: CloudWatchLogsClient }) {
    this.#stack = stack;
    this.#stacks = clients.stacks;
    this.#logs = clients.logs;
  }

  async groups(): Promise<readonly string[]> {
    const found: string[] = [];
    try {
      // The machine's own group has no lines of steps.
      for await (const page of paginateListStackResources({ client: this.#stacks }, { StackName: this.#stack }))
        for (const { ResourceType, PhysicalResourceId: name } of page.StackResourceSummaries ?? [])
          if (ResourceType === 'AWS::Logs::LogGroup' && name && !name.startsWith('/aws/vendedlogs/')) found.push(name);
    } catch (error) {
      throw awsFault(error, `cannot read the resources of the stack ${this.#stack}`);
    }
    return found;
  }

  async *matching(group: string, pattern: string, from: number): AsyncIterable<LogEvent> {
    const request = { logGroupName: group, filterPattern: pattern, startTime: from };
    try {
      for await (const page of paginateFilterLogEvents({ client: this.#logs }, request))
        for (const { logStreamName: stream = '', timestamp: at = 0, message = '' } of page.events ?? [])
          yield { stream, at, message };
    } catch (error) {
      throw awsFault(error, `cannot search the log group ${group}`);
    }
  }

  async *stream(group: string, stream: string, { from, to }: { from: number; to: number }): AsyncIterable<LogEvent> {
    const request = { logGroupName: group, logStreamName: stream, startTime: from, endTime: to, startFromHead: true };
    let token: string | undefined;
    try {
      for (;;) {
        const page = await this.#logs.send(new GetLogEventsCommand({ ...request, ...(token && { nextToken: token }) }));
        for (const { timestamp: at = 0, message = '' } of page.events ?? []) yield { stream, at, message };
        // CloudWatch gives the same token again at the end.
        if (!page.nextForwardToken || page.nextForwardToken === token) return;
        token = page.nextForwardToken;
      }
    } catch (error) {
      throw awsFault(error, `cannot read the log stream ${group} ${stream}`);
    }
  }
}
