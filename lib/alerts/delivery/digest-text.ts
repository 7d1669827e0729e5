import type { DigestLine } from '../../contract/records/alert-state.ts';
import type { Alert } from '../alert.ts';
import { type AlertText, alertText } from '../text/alert-text.ts';
import { boundAlert } from '../text/bound-alert.ts';

/** The most incidents that a digest names; the rest is a number. */
const mostNamed = 20;

/** Returns one message about several alerts of one pipeline, the most severe first. */
export function digestText(alerts: readonly [Alert, ...Alert[]]): AlertText {
  const [first] = alerts;
  const texts = alerts.map((alert) => alertText(alert));
  const named = texts
    .slice(0, mostNamed)
    .map(({ alert }) => ({ name: `[${alert.severity}] ${alert.step ?? alert.error}`, value: alert.title }));
  const rest = texts.length - named.length;
  const [head] = texts;
  return {
    alert: (head ?? alertText(first)).alert,
    title: `[digest] ${first.pipeline}: ${alerts.length} incidents are open`,
    facts: [...named, ...(rest > 0 ? [{ name: 'And', value: `${rest} more` }] : [])],
    detail: '',
    command: `npx daybreak incidents list ${first.pipeline}`,
    links: head?.links ?? [],
  };
}

/** Returns one message about incidents of several pipelines. `alert` is one of them. */
export function sharedDigestText(lines: readonly DigestLine[], alert: Alert): AlertText {
  const bound = boundAlert(alert);
  const pipelines = new Set(lines.map(({ pipeline }) => pipeline));
  // The texts of other pipelines come from the store: they are bounded like those of an alert.
  const named = lines.slice(0, mostNamed).map(({ pipeline, severity, what, title }) => {
    const { error, title: value } = boundAlert({ ...alert, error: what, title });
    return { name: `[${severity}] ${pipeline}: ${error}`, value };
  });
  const rest = lines.length - named.length;
  const count = lines.length === 1 ? '1 incident' : `${lines.length} incidents`;
  return {
    alert: bound,
    title:
      pipelines.size === 1
        ? `[digest] ${alert.pipeline}: ${count} ${lines.length === 1 ? 'is' : 'are'} open`
        : `[digest] ${count} of ${pipelines.size} pipelines are open`,
    facts: [...named, ...(rest > 0 ? [{ name: 'And', value: `${rest} more` }] : [])],
    detail: '',
    command: 'npx daybreak incidents list',
    links: [],
  };
}
