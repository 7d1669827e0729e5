import type { Destination, SecretLocation } from '../../contract/events/alert-settings.ts';

/** The name of a destination for people and for records: it tells two destinations apart and holds no secret. */
export function destinationName(destination: Destination): string {
  switch (destination.kind) {
    case 'slack':
      return 'channel' in destination
        ? `slack ${destination.channel} (${located(destination.token)})`
        : `slack (${located(destination.webhook)})`;
    case 'pagerduty':
      return `pagerduty (${located(destination.routing_key)})`;
    case 'opsgenie':
      return `opsgenie (${located(destination.api_key)})`;
    case 'teams':
      return `teams (${located(destination.webhook)})`;
    case 'email':
    case 'sns':
      return `${destination.kind} ${destination.topic}`;
    case 'ses':
      return `ses ${destination.to.join(', ')}`;
    case 'webhook':
      return `webhook ${destination.url}`;
  }
}

const located = ({ service, id }: SecretLocation): string => `${service}:${id}`;
