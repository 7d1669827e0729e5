import { pathToFileURL } from 'node:url';
import type { AlertAhead, Delivered } from '../../alerts/delivery/deliver-alerts.ts';
import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { Answer } from '../command.ts';
import type { Context } from '../context.ts';

export interface Telling {
  readonly plan: PipelinePlan;
  readonly storeFolder: string;
  /** True if the person asked for it: a run on a machine of a person must not wake the person on call. */
  readonly send: boolean;
}

/** Adds to the answer of a run on this machine what people hear of it: sends it, or shows what a deployed run would send. Changes no exit code. */
export async function tellPeople(
  answer: Answer,
  { plan, storeFolder, send }: Telling,
  context: Context,
): Promise<Answer> {
  const { alerts: settings } = plan;
  if (settings === null) return answer;
  // Most pipelines have no alerts, so they load none of it.
  const [{ alertsAhead, deliverAlerts }, { alertPorts }, { openStore }] = await Promise.all([
    import('../../alerts/delivery/deliver-alerts.ts'),
    import('../../alerts/send/alert-ports.ts'),
    import('../../ports/open-store.ts'),
  ]);
  const store = await openStore(pathToFileURL(storeFolder).href, context.io.env);
  // The console of AWS knows nothing of runs on this machine.
  const options = { ...alertPorts(context.io.env), store, settings, pipeline: plan.name, links: () => [] };
  const delivered = send ? await deliverAlerts(options) : null;
  const ahead = await alertsAhead(options);
  return {
    ...answer,
    json: answer.json && { ...answer.json, alerts: jsonOf(delivered, ahead) },
    text: [answer.text, ...describe(delivered, ahead, context)].join('\n'),
  };
}

const jsonOf = (delivered: Delivered | null, ahead: readonly AlertAhead[]): JsonObject => ({
  sent: [...(delivered?.sent ?? [])],
  failed: [...(delivered?.failed ?? [])],
  ahead: ahead.map((one) => ({ ...one })),
});

function describe(delivered: Delivered | null, ahead: readonly AlertAhead[], { paint }: Context): string[] {
  const { sent = [], failed = [], busy = false } = delivered ?? {};
  const waiting = ahead.filter(({ at }) => at === null);
  const later = ahead.filter(({ at }) => at !== null);
  const lines = [
    ...sent.map((line) => `  ${paint('sent', 'green')} ${paint(line)}`),
    ...failed.map((line) => `  ${paint('failed', 'red')} ${paint(line)}`),
    ...(busy ? [`  ${paint('another command sends them at this moment', 'dim')}`] : []),
    ...(delivered ? [] : waiting.map(({ destination, title }) => `  ${paint(`${destination}: ${title}`)}`)),
    ...later.map(
      ({ destination, title, at }) => `  ${paint(time(at), 'dim')}  ${paint(`${destination}: ${title}`, 'dim')}`,
    ),
  ];
  if (lines.length === 0) return [];
  const what = delivered || waiting.length === 0 ? '' : ' (not sent; --send-alerts sends them)';
  return ['', `${paint('Alerts', 'bold')}${what}`, ...lines];
}

/** `2026-12-01 09:00 UTC`. */
const time = (at: string | null): string => `${(at ?? '').slice(0, 16).replace('T', ' ')} UTC`;
