import * as z from 'zod/mini';
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { eventVersion } from '../../contract/events/event-id.ts';

/** EventBridge's "CloudWatch Alarm State Change", to which AWS may add fields. */
export const alarmChange = z.object({
  detail: z.object({
    alarmName: z.string(),
    state: z.object({ value: z.string(), timestamp: z.string(), reason: z.optional(z.string()) }),
    configuration: z.optional(z.object({ description: z.optional(z.string()) })),
  }),
});

type AlarmChange = z.infer<typeof alarmChange>['detail'];

const states = { ALARM: 'alarm.raised', OK: 'alarm.cleared' } as const;

/** The event of an alarm that fired or ended; null for INSUFFICIENT_DATA, which says nothing. Descriptions of our alarms begin with their severity: `[high]`. */
export function alarmEvent(pipeline: string, { alarmName, state, configuration }: AlarmChange): DaybreakEvent | null {
  if (state.value !== 'ALARM' && state.value !== 'OK') return null;
  const type = states[state.value];
  const time = new Date(state.timestamp).toISOString();
  const [, severity] = /^\[(critical|high|medium|low)\]/.exec(configuration?.description ?? '') ?? [];
  return {
    version: eventVersion,
    id: `${type}/${pipeline}/${alarmName}/${time}`,
    type,
    time,
    severity: type === 'alarm.cleared' ? 'info' : ((severity as DaybreakEvent['severity'] | undefined) ?? 'high'),
    pipeline,
    run_id: null,
    execution: null,
    step: null,
    attempt: null,
    cause:
      type === 'alarm.cleared' ? null : { error: 'Alarm', text: (state.reason ?? '').slice(0, 1_000).toWellFormed() },
    detail: { alarm: alarmName },
  };
}
