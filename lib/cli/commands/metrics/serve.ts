import type { PipelineFigures } from '../../../metrics/pipeline-figures.ts';
import { exposition } from '../../../metrics/prometheus/exposition.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { serveMetrics } from '../../metrics/serve-metrics.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { wholeNumber } from '../../typed/whole-number.ts';

/** The port that exporters of OpenTelemetry use for Prometheus. */
const defaultPort = 9464;
/** Prometheus asks once a minute by default; a second server may too. */
const defaultSeconds = 15;

/** Answers Prometheus until an interrupt, which is its normal end. */
export async function serve(
  read: () => Promise<readonly PipelineFigures[]>,
  { option }: Invocation,
  context: Context,
): Promise<Answer> {
  const port = wholeNumber(option('port'), '--port') ?? defaultPort;
  if (port > 65_535) throw new UsageError(`--port "${port}" is no port: they go from 1 to 65535`);
  const everyMs = (wholeNumber(option('every'), '--every') ?? defaultSeconds) * 1000;
  const { stdout, stderr } = context.io;
  const ended = new Promise<void>((resolve) => context.onInterrupt(() => resolve()));
  const { url, server } = await serveMetrics({
    port,
    host: option('host') ?? '127.0.0.1',
    everyMs,
    now: () => performance.now(),
    read: async () => exposition(await read(), Date.now()),
    onFailure: (error) =>
      stderr.write(`${context.paintAside(`the store cannot be read: ${(error as Error).message}`, 'red')}\n`),
  });
  stdout.write(context.json ? `${JSON.stringify({ url })}\n` : `Prometheus can read ${url} (Ctrl+C ends it)\n`);
  await ended;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { exitCode: 0, json: null, text: '' };
}
