import type { Alert } from '../alert.ts';
import { clip } from './clip.ts';
import { plainLine, plainText } from './plain-text.ts';

/** The most that an alert holds, in UTF-16 units and entries. The records in the store hold the rest, and the links lead there. */
const most = { line: 300, name: 120, names: 50, cause: 2_500, links: 10, url: 2_000 } as const;

const line = (text: string, limit: number = most.line): string => clip(plainLine(text.slice(0, 20 * limit)), limit);
const names = (list: readonly string[]): string[] => list.slice(0, most.names).map((name) => line(name, most.name));

/** Returns the alert with every text plain and of bounded length, and only with links to the web. */
export function boundAlert(alert: Alert): Alert {
  return {
    ...alert,
    title: line(alert.title),
    error: line(alert.error, most.name),
    cause: clip(plainText(alert.cause.slice(0, 20 * most.cause)).trim(), most.cause),
    blocks: names(alert.blocks),
    ...(alert.same_cause && { same_cause: names(alert.same_cause) }),
    arrives: names(alert.arrives),
    taken_by: alert.taken_by === null ? null : line(alert.taken_by, most.name),
    late: alert.late && { ...alert.late, held_up_by: alert.late.held_up_by && line(alert.late.held_up_by, most.name) },
    resume: alert.resume === null ? null : line(alert.resume, 2 * most.line),
    links: alert.links
      .slice(0, most.links)
      .flatMap(({ label, url }) => (isWebAddress(url) ? [{ label: line(label, most.name), url }] : [])),
  };
}

function isWebAddress(url: string): boolean {
  return url.length <= most.url && URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}
