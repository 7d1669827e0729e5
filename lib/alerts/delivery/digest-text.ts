import type { Alert } from '../alert.ts';
import { type AlertText, alertText } from '../text/alert-text.ts';

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
