import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { awsClientSettings, type Environment } from '../aws-client-settings.ts';
import { messageFault } from './message-fault.ts';

/** Publishes a message to an SNS topic, in the topic's own region. To be imported when it is needed. */
export async function publishToTopic(
  topic: string,
  { subject, message }: { readonly subject: string; readonly message: string },
  env: Environment,
): Promise<void> {
  const [, , , region] = topic.split(':');
  const client = new SNSClient({ ...awsClientSettings(env, 'SNS'), ...(region && { region }), maxAttempts: 3 });
  const command = new PublishCommand({ TopicArn: topic, Subject: subject, Message: message });
  await client.send(command).catch((error: unknown) => {
    throw messageFault(error, `SNS did not take the alert for ${topic}`);
  });
}
