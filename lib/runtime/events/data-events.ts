/** Events of published data, made of the changes of the pointer. */
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { eventId } from '../../contract/events/event-id.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import type { Change } from '../../contract/published/pointer.ts';
import { ofStep } from './step-events.ts';

/** A change of the versions that readers see. `run`: of the version that they see now, or of the one that was withdrawn. */
export function changeEvent(run: RunRef & { readonly execution: number }, change: Change): DaybreakEvent {
  const { kind, at, partition, before, after, by, reason, summary } = change;
  const common = ofStep(run, null, null, at);
  const detail = { partition, before, after, rows: summary?.rows ?? null, change: change.change };
  const id = (type: DaybreakEvent['type']): string => eventId(type, run, change.change);
  if (kind === 'published') return { id: id('data.published'), type: 'data.published', ...common, detail };
  const person = { ...detail, by: by ?? '', reason: reason ?? '' };
  if (kind === 'rolled_back')
    return { id: id('data.rolled_back'), type: 'data.rolled_back', ...common, severity: 'low', detail: person };
  const withdrawn = change.withdrawn ?? 0;
  return {
    ...{ id: id('data.withdrawn'), type: 'data.withdrawn', ...common, severity: 'low' },
    detail: { ...person, withdrawn },
  };
}
