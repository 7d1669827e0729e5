import { SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetterQueue } from '../ports.ts';
import { awsClientSettings, type Environment } from './aws-client-settings.ts';
import { SqsDeadLetterQueue } from './sqs-dead-letter-queue.ts';

/** Opens the queue in SQS. It is a separate module for the same reason as `openS3Store`. */
export function openSqsQueue(url: string, env: Environment): DeadLetterQueue {
  return new SqsDeadLetterQueue(new SQSClient(awsClientSettings(env, 'SQS')), url);
}
