import { consoleLinks } from '../../lib/alerts/delivery/console-links.ts';
import { deliverAlerts } from '../../lib/alerts/delivery/deliver-alerts.ts';
import { readAlertSettings } from '../../lib/alerts/delivery/read-alert-settings.ts';
import { alertPorts } from '../../lib/alerts/send/alert-ports.ts';
import { PermanentError, PlatformError } from '../../lib/contract/errors.ts';
import { processPorts } from '../../lib/runtime/execution/platform-handler.ts';

/** One look of each pipeline's function lies in this time: it looks every five minutes. */
const gatherMs = 6 * 60_000;

/**
 * Lambda entry that tells people of the incidents of a pipeline, named by `DAYBREAK_PIPELINE`. The event only says that there may be something to do: the records in the store
 * decide, so a lost or repeated event changes nothing. It fails if a destination did not take a message, so that its alarm fires.
 */
export async function handler() {
  const pipeline = process.env.DAYBREAK_PIPELINE;
  if (!pipeline) throw new PermanentError('DAYBREAK_PIPELINE is not set: it names the pipeline of the incidents');
  const [{ store }, settings] = await Promise.all([processPorts(), readAlertSettings(process.env)]);
  const options = { ...alertPorts(process.env), gatherMs, store, pipeline, settings, links: consoleLinks };
  const { sent, failed, busy } = await deliverAlerts(options);
  for (const line of sent) console.log(`sent to ${line}`);
  if (failed.length > 0) throw new PlatformError(`${failed.length} not delivered: ${failed.join(' | ')}`);
  return { sent: sent.length, busy };
}
