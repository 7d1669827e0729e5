import { fileURLToPath } from 'node:url';
import { PermanentError } from '../contract/errors.ts';
import type { Environment } from './aws/aws-client-settings.ts';
import type { Clock, DeadLetterQueue } from './ports.ts';
import { SystemClock } from './system-clock.ts';

/** Opens the queue at an SQS queue's URL or `file:///folder`. It loads the AWS SDK only for SQS. */
export async function openQueue(
  url: string,
  env: Environment = process.env,
  clock: Clock = new SystemClock(),
): Promise<DeadLetterQueue> {
  if (url.startsWith('file:///')) {
    const { FolderDeadLetterQueue } = await import('./folder/folder-dead-letter-queue.ts');
    return new FolderDeadLetterQueue(fileURLToPath(url), clock);
  }
  if (!/^https?:\/\//.test(url)) {
    throw new PermanentError(`"${url}" is not a queue: the URL of an SQS queue or file:///<folder> is needed`);
  }
  const { openSqsQueue } = await import('./aws/open-sqs-queue.ts');
  return openSqsQueue(url, env);
}
