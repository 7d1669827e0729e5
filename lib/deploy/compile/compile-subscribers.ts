import { join } from 'node:path';
import { bundleHandlers } from '../../bundle/bundle-handlers.ts';
import { bundleSubscriber } from '../../bundle/bundle-subscriber.ts';
import { entryKey } from '../../bundle/function-entry.ts';
import { handlerCode } from '../../bundle/handler-code.ts';
import type { Layer } from '../../bundle/layers/kept-layer.ts';
import { checkSubscribers } from '../../compiler/checks/check-subscribers.ts';
import { type FoundSubscriber, findSubscribers } from '../../compiler/find-subscribers.ts';
import { eventTypes } from '../../contract/events/event-types.ts';
import { eventNames } from '../../contract/events/subscription.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { codeFolder } from './code-folder.ts';
import { keepSubscribers, type SubscribersReport, type Subscription } from './compiled-subscriber.ts';
import { inputsOf } from './fresh-inputs.ts';
import { hinders } from './hinders.ts';
import { synthCache } from './kept-reports.ts';
import { loadSubscriptions } from './load-subscriptions.ts';

/** Bundles the subscribers of a project, loads each once to learn what it hears, and keeps them for later processes. */
export async function compileSubscribers(root: string, runtime: Layer): Promise<SubscribersReport> {
  const found = await findSubscribers(root);
  const { diagnostics: findings, texts } = await checkSubscribers(root);
  const diagnostics = [...findings];
  const made = (compiled: SubscribersReport['compiled']): SubscribersReport => ({ diagnostics, texts, compiled });
  if (diagnostics.some(hinders)) return made(null);
  const options = { root, report: (diagnostic: Diagnostic) => void diagnostics.push(diagnostic) };
  const entries = found.map(({ entry }) => entry);
  const sources = await handlerCode(entries, options);
  if (diagnostics.some(hinders)) return made(null);
  const handlers = await bundleHandlers(entries, options);
  if (diagnostics.some(hinders)) return made(null);

  const bundles = found.map((one) => {
    const handler = handlers.get(entryKey(one.entry));
    if (!handler) throw new Error(`"${one.entry.entry}" was not bundled`);
    return { ...one, handler };
  });
  const local = { runtime: join(runtime.folder, 'nodejs/daybreak') };
  const loaded = await loadSubscriptions(bundles.map((one) => bundleSubscriber(one.entry, one.handler, local)));
  const cache = join(synthCache(root), 'code');
  const subscribers = bundles.flatMap(({ name, entry, handler }, index) => {
    const subscription = loaded[index];
    const faults = faultsOf({ name, entry }, subscription);
    diagnostics.push(...faults);
    if (faults.length > 0 || !subscription || 'fault' in subscription) return [];
    return [{ name, file: entry.entry, subscription, code: codeFolder(bundleSubscriber(entry, handler), {}, cache) }];
  });
  if (diagnostics.some(hinders)) return made(null);
  const report = made({ subscribers, runtime });
  const paths = [...sources.values()].flatMap((code) => code.sources);
  keepSubscribers(root, report, inputsOf(root, paths, 'lambdas/subscribers'));
  return report;
}

/** The text of a file does not show everything: its module may compute what it hears, or fail while it loads. */
function faultsOf(
  { entry: { entry: file } }: FoundSubscriber,
  subscription: Subscription | { readonly fault: string } | undefined,
): Diagnostic[] {
  const span = { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  if (!subscription || 'fault' in subscription) {
    const fault = subscription?.fault ?? 'it ended the process';
    return [makeDiagnostic('NOT_A_SUBSCRIBER', span, `"${file}" cannot be loaded as in Lambda: ${fault}`)];
  }
  const names = eventNames(Object.keys(eventTypes));
  return subscription.on
    .filter((name) => !names.includes(name))
    .map((name) => {
      const message = `there is no event "${name}"${didYouMean(name, names)}; docs/events.md lists them`;
      return makeDiagnostic('UNKNOWN_EVENT', span, message);
    });
}
