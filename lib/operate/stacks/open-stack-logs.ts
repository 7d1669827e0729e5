import { awsClientSettings, type Environment } from '../../ports/aws/aws-client-settings.ts';
import type { FunctionLogs } from '../../ports/ports.ts';
import { parseStackOption } from './pipeline-outputs.ts';

/** Opens the logs of the functions that a CloudFormation stack deployed. */
export async function openStackLogs(text: string, env: Environment = process.env): Promise<FunctionLogs> {
  const { stack } = parseStackOption(text);
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
  const { CloudWatchFunctionLogs } = await import('../../ports/aws/stacks/cloudwatch-function-logs.ts');
  return new CloudWatchFunctionLogs(stack, {
    stacks: new CloudFormationClient(awsClientSettings(env, 'CLOUDFORMATION')),
    logs: new CloudWatchLogsClient(awsClientSettings(env, 'CLOUDWATCH_LOGS')),
  });
}
