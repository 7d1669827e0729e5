import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { awsClientSettings, type Environment } from '../aws-client-settings.ts';
import { messageFault } from './message-fault.ts';

export interface MailToSend {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** Plain text. */
  readonly body: string;
}

/** Sends a mail through SES, in the region of the function. To be imported when it is needed. */
export async function sendMail({ from, to, subject, body }: MailToSend, env: Environment): Promise<void> {
  const client = new SESv2Client({ ...awsClientSettings(env, 'SESV2'), maxAttempts: 3 });
  const text = (data: string) => ({ Data: data, Charset: 'UTF-8' });
  const command = new SendEmailCommand({
    FromEmailAddress: from,
    Destination: { ToAddresses: [...to] },
    Content: { Simple: { Subject: text(subject), Body: { Text: text(body) } } },
  });
  await client.send(command).catch((error: unknown) => {
    throw messageFault(error, `SES did not take the alert from ${from}`);
  });
}
