import { SFNClient } from '@aws-sdk/client-sfn';
import type { Executions, TaskTokens } from '../ports.ts';
import type { awsClientSettings } from './aws-client-settings.ts';
import { SfnExecutions } from './sfn-executions.ts';
import { SfnTaskTokens } from './sfn-task-tokens.ts';

/** Opens the ports to Step Functions that functions need. It is a separate module for the same reason as `openS3Store`. */
export function openStepFunctions(settings: ReturnType<typeof awsClientSettings>): {
  readonly tokens: TaskTokens;
  readonly executions: Executions;
} {
  const client = new SFNClient(settings);
  return { tokens: new SfnTaskTokens(client), executions: new SfnExecutions(client) };
}
