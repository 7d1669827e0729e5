import { defineSubscriber, type SubscriberTools } from 'daybreak';

/** Watches customer_analytics: what the extracts brought, what failed, and how long a run took. */
export const subscriber = defineSubscriber(
  { on: ['step.completed', 'step.failed', 'run.completed', 'run.failed'], pipelines: ['customer_analytics'] },
  (event, { log }) => {
    switch (event.type) {
      case 'step.completed':
        if (event.step?.startsWith('extract_')) logExtractionMetrics(event.step, event.detail, log);
        return;
      case 'step.failed':
        log.error('a step failed', { step: event.step, error: event.cause?.error, resume: event.detail.resume });
        return;
      default: {
        const { started_at, ended_at, steps } = event.detail;
        log.info(event.type, { seconds: secondsBetween(started_at, ended_at), steps });
      }
    }
  },
);

interface Extracted {
  readonly datasets: Readonly<Record<string, { readonly rows: number; readonly bytes: number }>> | null;
  readonly started_at: string | null;
  readonly ended_at: string;
}

/** One line per dataset that an extract brought. */
function logExtractionMetrics(step: string, made: Extracted, log: SubscriberTools['log']): void {
  const seconds = secondsBetween(made.started_at ?? made.ended_at, made.ended_at);
  for (const [dataset, { rows, bytes }] of Object.entries(made.datasets ?? {})) {
    log.info('extraction', {
      step,
      dataset,
      rows,
      bytes,
      seconds,
      rows_per_second: seconds > 0 ? Math.round(rows / seconds) : null,
    });
  }
}

const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;
