import type { AlertText } from './alert-text.ts';

/** Returns an alert as lines for mailboxes and terminals, without the title. */
export function textLines({ facts, detail, command, links }: AlertText): string {
  const width = Math.max(0, ...facts.map(({ name }) => name.length));
  return [
    ...facts.map(({ name, value }) => `${`${name}:`.padEnd(width + 2)}${value}`),
    ...(command === null ? [] : ['', 'Continue with:', `  ${command}`]),
    ...(detail === '' ? [] : ['', detail]),
    ...(links.length === 0 ? [] : ['', ...links.map(({ label, url }) => `${label}: ${url}`)]),
  ].join('\n');
}
