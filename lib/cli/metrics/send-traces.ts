import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../typed/usage-error.ts';

/** The answers after which OTLP/HTTP lets a sender try again. https://opentelemetry.io/docs/specs/otlp/#otlphttp-response */
const passing: readonly number[] = [429, 502, 503, 504];
const tries = 4;
const longestRestMs = 30_000;

/** A collector that did not take the spans. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError';
}

export interface Collector {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** The collector that `--otlp` names, or OpenTelemetry's own variables: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT as it is, OTEL_EXPORTER_OTLP_ENDPOINT with /v1/traces behind it. Null without any. */
export function collectorOf(typed: string | null, env: Readonly<Record<string, string | undefined>>): Collector | null {
  const exact = typed === null ? env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT : undefined;
  const base = typed ?? env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const text = exact ?? base;
  if (!text) return null;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`--otlp "${text}" is not an address of a collector, such as http://127.0.0.1:4318`);
  if (exact === undefined && !url.pathname.endsWith('/v1/traces'))
    url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return { url, headers: headersOf(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? env.OTEL_EXPORTER_OTLP_HEADERS ?? '') };
}

/** `key=value,key=value`, with percent-encoded values. */
function headersOf(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError('OTEL_EXPORTER_OTLP_HEADERS is not of the form key=value,key=value');
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
    }),
  );
}

/** Sends spans to a collector, and tries again where it may. Sending twice is harmless: the same span has the same id. Throws a CollectorError. */
export async function sendTraces({ url, headers }: Collector, document: object, wait = sleep): Promise<void> {
  for (let number = 1; ; number += 1) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(document),
      redirect: 'error',
      signal: AbortSignal.timeout(30_000),
    }).catch((error: Error & { readonly cause?: Error }) => error);
    if (!(answer instanceof Error) && answer.ok) return checkTaken(await answer.text());
    const may = answer instanceof Error || passing.includes(answer.status);
    if (!may || number === tries) {
      const why =
        answer instanceof Error
          ? `did not answer: ${answer.cause instanceof Error ? answer.cause.message : answer.message}`
          : `answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`;
      throw new CollectorError(`the collector at ${url.origin} ${why}`);
    }
    const rest = answer instanceof Error ? Number.NaN : Number(answer.headers.get('retry-after')) * 1000;
    await wait(Math.min(longestRestMs, rest > 0 ? rest : 500 * 2 ** number));
  }
}

/** A collector may take a request and refuse some of its spans. */
function checkTaken(body: string): void {
  const { partialSuccess } = (body.trim() === '' ? {} : safeParse(body)) as {
    partialSuccess?: { rejectedSpans?: string | number; errorMessage?: string };
  };
  if (Number(partialSuccess?.rejectedSpans ?? 0) > 0)
    throw new CollectorError(
      `the collector refused ${partialSuccess?.rejectedSpans} spans: ${partialSuccess?.errorMessage ?? ''}`,
    );
}

function safeParse(body: string): object {
  try {
    return (JSON.parse(body) as object | null) ?? {};
  } catch {
    return {};
  }
}
