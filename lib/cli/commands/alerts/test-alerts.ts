import {
  destinationsOn,
  type RouteName,
  routeNames,
  type SampleResult,
  sendSamples,
} from '../../../alerts/delivery/send-samples.ts';
import { alertPorts } from '../../../alerts/send/alert-ports.ts';
import type { AlertSettings } from '../../../contract/events/alert-settings.ts';
import { didYouMean } from '../../../diagnostics/did-you-mean.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { loadValid } from '../../load.ts';
import { counted } from '../../render/format.ts';
import { stackEnvironment, typedStack } from '../../typed/typed-stack.ts';
import { UsageError } from '../../typed/usage-error.ts';

/** Sends a marked sample to each destination of a template, with the rights of this machine. */
export async function testAlerts({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const stack = await typedStack({ args, option, flag }, context);
  const { plan, file } = await loadValid(args[0] ?? '', context, { allowMissingHandlers: true });
  if (plan.alerts === null)
    throw new UsageError(
      `${plan.name} alerts no one: add the key "alerts" to ${file}, or "defaults.alerts" to daybreak.config.ts`,
    );
  const routes = routesOf(option('route'), plan.alerts);
  const { env } = context.io;
  const ports = alertPorts(stack ? stackEnvironment(stack, env) : env);
  const results = await sendSamples(plan.alerts, { pipeline: plan.name, routes, ports });
  const taken = results.filter((result) => result.taken).length;
  return {
    exitCode: taken === results.length ? 0 : 1,
    json: {
      pipeline: plan.name,
      routes: [...routes],
      results: results.map((one) => ({ ...one, routes: [...one.routes] })),
    },
    text: [
      `${context.paint(plan.name, 'bold')}: ${taken} of ${counted(results.length, 'destination')} took the sample`,
      ...results.flatMap((result) => describe(result, context)),
    ].join('\n'),
  };
}

function describe({ destination, routes, taken, why }: SampleResult, { paint }: Context): string[] {
  const mark = taken ? `${paint('taken', 'green')} ` : paint('failed', 'red');
  const reason = why.startsWith(destination) ? why.slice(destination.length).replace(/^:? /, '') : why;
  return [
    `  ${mark}  ${paint(destination, 'bold')}  ${paint(routes.join(', '), 'dim')}`,
    ...(taken ? [] : [`          ${paint(reason)}`]),
  ];
}

/** The route that a person names, or all that lead somewhere. */
function routesOf(wanted: string | null, settings: AlertSettings): readonly RouteName[] {
  const known = routeNames.filter((name) => destinationsOn(name, settings).length > 0);
  if (wanted === null) return known;
  const route = known.find((name) => name === wanted);
  if (route) return [route];
  throw new UsageError(
    `--route ${JSON.stringify(wanted)} leads nowhere${didYouMean(wanted, known) || `; the routes are ${known.join(', ')}`}`,
  );
}
