import { Aws } from 'aws-cdk-lib/core';
import {
  type AlertSettings,
  type Destination,
  destinationsOf,
  secretsOf,
} from '../../contract/events/alert-settings.ts';
import type { Grant } from './grant.ts';
import { secretGrants } from './secret-access.ts';

/** Returns the grants of the function that tells people: to read exactly the named secrets, to publish to the named topics, and to send mail from the named addresses. */
export function alertGrants(alerts: AlertSettings): Grant[] {
  const destinations = destinationsOf(alerts);
  const secrets = destinations.flatMap(secretsOf).map((location) => [`${location.service}:${location.id}`, location]);
  const topics = unique(destinations.flatMap((one) => ('topic' in one ? [one.topic] : [])));
  return [
    ...secretGrants(Object.fromEntries(secrets)),
    ...(topics.length > 0 ? [{ actions: ['sns:Publish'], resources: topics }] : []),
    ...mailGrants(destinations),
  ];
}

/** SES checks the identity that it sends with: the address, or its domain. The condition keeps other senders of the domain out. */
function mailGrants(destinations: readonly Destination[]): Grant[] {
  const senders = unique(destinations.flatMap((one) => (one.kind === 'ses' ? [one.from] : [])));
  const identity = (name: string): string =>
    `arn:${Aws.PARTITION}:ses:${Aws.REGION}:${Aws.ACCOUNT_ID}:identity/${name}`;
  return senders.map((from) => ({
    actions: ['ses:SendEmail'],
    resources: [identity(from), identity(from.slice(from.lastIndexOf('@') + 1))],
    conditions: { StringEquals: { 'ses:FromAddress': from } },
  }));
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
