import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import { eventSource } from '../../contract/events/event-id.ts';
import { ownEventName } from '../../contract/events/subscription.ts';
import type { Subscription } from '../compile/compiled-subscriber.ts';

/** EventBridge takes patterns of at most this many characters. */
const longestPattern = 2048;

/**
 * Returns the pattern of the events that a subscriber hears. A list of pipelines that is too long for a pattern is left out: the subscriber itself looks at
 * the pipeline of each event.
 */
export function heardEvents({ on, pipelines }: Subscription): EventPattern {
  const names = [...new Set(on.map(ownEventName))];
  const types: EventPattern = {
    source: [eventSource],
    ...(!names.includes('*') && {
      detailType: names.flatMap((name) => (name.endsWith('.*') ? Match.prefix(name.slice(0, -1)) : [name])),
    }),
  };
  if (pipelines === undefined) return types;
  const detail = { pipeline: [...pipelines] };
  const isShort = written(names, detail).length <= longestPattern;
  return isShort ? { ...types, detail } : types;
}

/** The pattern's JSON in a template: prefixes of the CDK hide their text. */
const written = (names: readonly string[], detail: object): string =>
  JSON.stringify({
    detail,
    'detail-type': names.map((name) => (name.endsWith('.*') ? { prefix: name.slice(0, -1) } : name)),
    source: [eventSource],
  });
