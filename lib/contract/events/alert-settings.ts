/** Alert settings of a pipeline after parsing: the compiler writes them, and the alert function reads them. */

export const severities = ['critical', 'high', 'medium', 'low'] as const;

/** Ordered by urgency: critical pages a person, low is only recorded. */
export type Severity = (typeof severities)[number];

/** The location of a secret: a name or ARN in Secrets Manager, or a path in Parameter Store. */
export interface SecretLocation {
  readonly service: 'secretsmanager' | 'ssm';
  readonly id: string;
}

/** One receiver of alerts. Tokens, keys and addresses that give access stand as locations of secrets, never as values. */
export type Destination =
  | { readonly kind: 'slack'; readonly webhook: SecretLocation }
  | { readonly kind: 'slack'; readonly token: SecretLocation; readonly channel: string }
  | { readonly kind: 'pagerduty'; readonly routing_key: SecretLocation; readonly region: Region }
  | { readonly kind: 'opsgenie'; readonly api_key: SecretLocation; readonly region: Region }
  | { readonly kind: 'teams'; readonly webhook: SecretLocation }
  /** An SNS topic whose subscribers are mailboxes. */
  | { readonly kind: 'email'; readonly topic: string }
  /** An SNS topic whose subscribers are programs. */
  | { readonly kind: 'sns'; readonly topic: string }
  | { readonly kind: 'ses'; readonly from: string; readonly to: readonly string[] }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: SecretLocation };

/** The vendor's service region that holds the account. */
export type Region = 'us' | 'eu';

/** Weekly hours in which people work, on the wall clock of a zone. */
export interface BusinessHours {
  /** Days on which the hours begin; 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight, from 0. Hours whose `to` is not later than `from` end on the next day. */
  readonly from: number;
  /** Minutes after midnight, at most 1440. */
  readonly to: number;
  /** IANA name. */
  readonly timezone: string;
  /** Dates (`2026-12-25`) on which no hours begin. */
  readonly holidays: readonly string[];
}

export interface AlertSettings {
  /** Destinations by severity. A severity without an entry alerts no one. */
  readonly routes: Readonly<Partial<Record<Severity, readonly Destination[]>>>;
  /** People outside of the team, who hear once that the data will be late, and once that it is ready. Nothing else reaches them. */
  readonly stakeholders: readonly Destination[];
  readonly business_hours: BusinessHours;
  /** An incident that no one has acknowledged after this time goes to the next route; null: it stays where it is. Milliseconds. */
  readonly escalate_after_ms: number | null;
}

export type DestinationKind = Destination['kind'];

/** Every destination of the settings, as often as it is named. */
export function destinationsOf({ routes, stakeholders }: AlertSettings): Destination[] {
  return [...severities.flatMap((severity) => routes[severity] ?? []), ...stakeholders];
}

/** The locations of the secrets that a destination needs. */
export function secretsOf(destination: Destination): SecretLocation[] {
  switch (destination.kind) {
    case 'slack':
      return ['token' in destination ? destination.token : destination.webhook];
    case 'pagerduty':
      return [destination.routing_key];
    case 'opsgenie':
      return [destination.api_key];
    case 'teams':
      return [destination.webhook];
    case 'webhook':
      return [destination.secret];
    case 'email':
    case 'sns':
    case 'ses':
      return [];
  }
}

/** The file with a pipeline's alert settings, beside the code of the platform's functions. */
export const alertsFile = 'alerts.json';
