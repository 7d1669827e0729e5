/** Samples through the real routes: they show that each destination takes messages, before a night depends on it. */
import {
  type AlertSettings,
  type Destination,
  type Severity,
  severities,
} from '../../contract/events/alert-settings.ts';
import type { Alert, AlertKind } from '../alert.ts';
import { explainFailure } from '../send/explain-failure.ts';
import { type AlertPorts, sendAlert } from '../send/send-alert.ts';
import { alertText } from '../text/alert-text.ts';
import { destinationName } from './destination-name.ts';

/** The routes of alerts by name, from the most urgent one. */
export const routeNames = [...severities, 'stakeholders'] as const;
export type RouteName = (typeof routeNames)[number];

export interface SampleResult {
  readonly destination: string;
  /** The routes that lead there. */
  readonly routes: readonly RouteName[];
  readonly taken: boolean;
  /** The answer and the likely fix; empty if the sample was taken. */
  readonly why: string;
}

interface Target {
  readonly destination: Destination;
  readonly routes: RouteName[];
}

/** Sends one sample to each destination of the routes, however many of them lead there. Incidents that it opens at PagerDuty and Opsgenie are resolved at once. */
export async function sendSamples(
  settings: AlertSettings,
  {
    pipeline,
    routes,
    ports,
  }: { readonly pipeline: string; readonly routes: readonly RouteName[]; readonly ports: AlertPorts },
): Promise<SampleResult[]> {
  const targets = new Map<string, Target>();
  for (const route of routes) {
    for (const destination of destinationsOn(route, settings)) {
      const known = targets.get(destinationName(destination));
      if (known) known.routes.push(route);
      else targets.set(destinationName(destination), { destination, routes: [route] });
    }
  }
  return Promise.all(
    [...targets].map(async ([name, { destination, routes: leading }]) => {
      const why = await trySample(destination, name, { pipeline, route: leading[0] ?? 'low', ports });
      return { destination: name, routes: leading, taken: why === '', why };
    }),
  );
}

/** The destinations of a route. */
export function destinationsOn(route: RouteName, { routes, stakeholders }: AlertSettings): readonly Destination[] {
  return route === 'stakeholders' ? stakeholders : (routes[route] ?? []);
}

interface Sample {
  readonly pipeline: string;
  readonly route: RouteName;
  readonly ports: AlertPorts;
}

async function trySample(destination: Destination, name: string, { pipeline, route, ports }: Sample): Promise<string> {
  const opens = ['pagerduty', 'opsgenie'].includes(destination.kind);
  const first: AlertKind = route === 'stakeholders' ? 'late' : 'opened';
  const now = ports.now();
  try {
    for (const kind of opens ? ([first, 'resolved'] as const) : [first]) {
      await sendAlert(
        destination,
        { text: alertText(sampleAlert(pipeline, route, kind, now)), name, thread: null },
        ports,
      );
    }
    return '';
  } catch (error) {
    return explainFailure(destination, name, error);
  }
}

function sampleAlert(pipeline: string, route: RouteName, kind: AlertKind, now: number): Alert {
  const at = new Date(now).toISOString();
  const severity: Severity = route === 'stakeholders' ? 'high' : route;
  const incident = `${pipeline}-test-${now}`;
  return {
    id: `${incident}/${kind}`,
    incident,
    kind,
    audience: route === 'stakeholders' ? 'stakeholders' : 'team',
    severity,
    sample: true,
    pipeline,
    title: `sample of the route "${route}"`,
    run_id: null,
    step: null,
    error: 'Sample',
    failures: 1,
    cause: 'A failed step would have its error message here.',
    since: at,
    at,
    attempts: 0,
    blocks: [],
    arrives: [],
    late: null,
    taken_by: null,
    resume: null,
    links: [],
  };
}
