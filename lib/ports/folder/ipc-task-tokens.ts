import { randomUUID } from 'node:crypto';
import { PlatformError } from '../../contract/errors.ts';
import type { TaskTokens } from '../ports.ts';

/** The parts of `process` in a forked child with an IPC channel. */
export interface IpcChannel {
  send?(message: unknown, callback: (error: Error | null) => void): boolean;
  on(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown;
  off(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown;
}

/** The child's request to its parent. */
export interface TaskTokenRequest {
  readonly type: 'task-token-succeed';
  readonly token: string;
  readonly output: string;
  readonly id: string;
}

/** The parent's answer. */
export interface TaskTokenAnswer {
  readonly type: 'task-token-answer';
  readonly id: string;
  readonly answer: 'delivered' | 'gone';
}

/** True if a child's message is such a request; a child may send other messages. */
export function isTaskTokenRequest(message: unknown): message is TaskTokenRequest {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'task-token-succeed';
}

/** TaskTokens of the offline engine, which is this process's parent. Throws a PlatformError if the parent has ended. */
export class IpcTaskTokens implements TaskTokens {
  readonly #channel: IpcChannel;

  constructor(channel: IpcChannel) {
    this.#channel = channel;
  }

  succeed(token: string, output: string): Promise<'delivered' | 'gone'> {
    const channel = this.#channel;
    const request: TaskTokenRequest = { type: 'task-token-succeed', token, output, id: randomUUID() };
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        channel.off('message', hear);
        channel.off('disconnect', lose);
      };
      const lose = (cause?: unknown): void => {
        finish();
        reject(new PlatformError('cannot answer a task token: the offline engine has ended', { cause }));
      };
      const hear = (message: unknown): void => {
        if (!isAnswer(message) || message.id !== request.id) return;
        finish();
        resolve(message.answer);
      };
      if (channel.send === undefined) {
        reject(new PlatformError('cannot answer a task token: this process has no parent with an IPC channel'));
        return;
      }
      // A listener keeps the process alive, so it exists only while an answer is due.
      channel.on('message', hear);
      channel.on('disconnect', lose);
      channel.send(request, (error) => {
        if (error !== null) lose(error);
      });
    });
  }
}

const isAnswer = (message: unknown): message is TaskTokenAnswer =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'task-token-answer';
