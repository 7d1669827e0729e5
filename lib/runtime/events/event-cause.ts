import type { DaybreakEvent } from '../../contract/events/event.ts';
import type { Failure } from '../../contract/records/failure.ts';

/** In UTF-16 units. Notices show less, and the dead letter has all. */
const longestText = 1_000;

/** A failure as an event carries it. */
export function eventCause({ error, cause }: Pick<Failure, 'error' | 'cause'>): NonNullable<DaybreakEvent['cause']> {
  return { error, text: boundedText(cause, longestText) };
}

/** The text, or its beginning and `…`; never a part of a character that a person sees as one. */
export function boundedText(text: string, longest: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= longest) return whole;
  const start = whole.slice(0, longest + 100);
  const end = new Intl.Segmenter().segment(start).containing(longest - 1)?.index ?? 0;
  return `${whole.slice(0, end)}…`;
}
