/** The outside world of the sender: AWS, and the clock of this process. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecretLocation } from '../../contract/events/alert-settings.ts';
import type { Environment } from '../../ports/aws/aws-client-settings.ts';
import { readSecretFromAws } from '../../runtime/secrets/secrets.ts';
import type { AlertPorts } from './send-alert.ts';

/** The variable that stands for a secret of alerts where no AWS service does: `DAYBREAK_SECRET_ALERTS_SLACK` for `ssm:/alerts/slack`. */
export function secretVariable({ id }: SecretLocation): string {
  const name = id
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return `DAYBREAK_SECRET_${name}`;
}

/** Opens the ports. Each secret is read once. */
export function alertPorts(env: Environment): AlertPorts {
  const read = new Map<string, Promise<string>>();
  return {
    secret(location) {
      const key = `${location.service}:${location.id}`;
      const given = env[secretVariable(location)];
      const value = read.get(key) ?? (given === undefined ? readSecretFromAws(location, env) : Promise.resolve(given));
      read.set(key, value);
      return value;
    },
    publish: async (topic, message) =>
      (await import('../../ports/aws/messages/publish-to-topic.ts')).publishToTopic(topic, message, env),
    mail: async (mail) => (await import('../../ports/aws/messages/send-mail.ts')).sendMail(mail, env),
    pause: (milliseconds) => sleep(milliseconds),
    now: () => Date.now(),
  };
}
