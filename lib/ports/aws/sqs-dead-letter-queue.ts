import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetterQueue, QueueMessage } from '../ports.ts';
import { awsFault, faultName } from './aws-faults.ts';

/** A DeadLetterQueue in SQS; the client retries transient faults. */
export class SqsDeadLetterQueue implements DeadLetterQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send(body: string): Promise<void> {
    try {
      await this.#client.send(new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody: body }));
    } catch (error) {
      throw awsFault(error, `cannot send to ${this.#queueUrl}`);
    }
  }

  async receive(max: number, hideSeconds: number): Promise<readonly QueueMessage[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages: max,
      VisibilityTimeout: hideSeconds,
      // Only with long polling does SQS ask all its servers, so that an empty answer means an empty queue.
      WaitTimeSeconds: 1,
    });
    try {
      const { Messages: messages = [] } = await this.#client.send(command);
      return messages.map(({ Body = '', ReceiptHandle = '' }) => ({ body: Body, receipt: ReceiptHandle }));
    } catch (error) {
      throw awsFault(error, `cannot receive from ${this.#queueUrl}`);
    }
  }

  async delete(receipt: string): Promise<void> {
    try {
      await this.#client.send(new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: receipt }));
    } catch (error) {
      throw awsFault(error, `cannot delete from ${this.#queueUrl}`);
    }
  }

  async release(receipt: string): Promise<void> {
    const input = { QueueUrl: this.#queueUrl, ReceiptHandle: receipt, VisibilityTimeout: 0 };
    try {
      await this.#client.send(new ChangeMessageVisibilityCommand(input));
    } catch (error) {
      if (notHidden.includes(faultName(error) ?? '')) return;
      throw awsFault(error, `cannot release a message of ${this.#queueUrl}`);
    }
  }
}

/** SQS's errors for a message that is visible, was received again, or is deleted: there is nothing to release. */
const notHidden = ['MessageNotInflight', 'AWS.SimpleQueueService.MessageNotInflight', 'ReceiptHandleIsInvalid'];
