import { SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { TaskTokens } from '../ports.ts';
import { awsFault, faultName } from './aws-faults.ts';

/** Answers for a token that no execution waits for: it is used, timed out, or its execution has ended. */
const gone = ['TaskTimedOut', 'InvalidToken', 'TaskDoesNotExist'];

/** TaskTokens of AWS Step Functions; the client retries throttled requests. */
export class SfnTaskTokens implements TaskTokens {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  async succeed(token: string, output: string): Promise<'delivered' | 'gone'> {
    try {
      await this.#client.send(new SendTaskSuccessCommand({ taskToken: token, output }));
      return 'delivered';
    } catch (error) {
      if (gone.includes(faultName(error) ?? '')) return 'gone';
      throw awsFault(error, 'cannot answer a task token');
    }
  }
}
