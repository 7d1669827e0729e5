import { parentIdOf, spanIdOf, type TraceSpan, traceIdOf } from './span.ts';

/** Longer texts of errors are cut: a collector may refuse a large request as a whole. Characters. */
const longestText = 1_000;

/** `SPAN_KIND_INTERNAL`, `STATUS_CODE_OK` and `STATUS_CODE_ERROR` of opentelemetry-proto's trace.proto. */
const internal = 1;
const statusCodes = { ok: 1, error: 2 } as const;

/** Spans in the JSON form of OTLP, as `POST /v1/traces` takes them: ids in hexadecimal digits, times in nanoseconds as texts. Each pipeline is a service. */
export function otlpTraces(spans: readonly TraceSpan[]) {
  const byPipeline = Map.groupBy(spans, ({ pipeline }) => pipeline);
  return {
    resourceSpans: [...byPipeline].map(([pipeline, own]) => ({
      resource: { attributes: attributesOf({ 'service.name': pipeline, 'service.namespace': 'daybreak' }) },
      scopeSpans: [{ scope: { name: 'daybreak' }, spans: own.map(otlpSpan) }],
    })),
  };
}

function otlpSpan(span: TraceSpan) {
  const { pipeline, run_id, execution, step, attempt, start, end, error, facts } = span;
  const parent = parentIdOf(span);
  return {
    traceId: traceIdOf(span),
    spanId: spanIdOf(span),
    ...(parent !== null && { parentSpanId: parent }),
    name: nameOf(span),
    kind: internal,
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(Math.max(start, end)),
    attributes: attributesOf({
      'daybreak.pipeline': pipeline,
      'daybreak.run_id': run_id,
      'daybreak.execution': execution,
      ...(step !== null && { 'daybreak.step': step }),
      ...(attempt !== null && { 'daybreak.attempt': attempt }),
      ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [`daybreak.${name}`, value])),
      ...(error && { 'error.type': error.error }),
    }),
    status: error
      ? { code: statusCodes.error, message: `${error.error}: ${error.text}`.slice(0, longestText).toWellFormed() }
      : { code: statusCodes.ok },
  };
}

function nameOf({ pipeline, step, attempt }: TraceSpan): string {
  if (step === null) return pipeline;
  return attempt === null ? step : `${step} attempt ${attempt}`;
}

const attributesOf = (values: Readonly<Record<string, string | number>>) =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value.toWellFormed() }
        : Number.isSafeInteger(value)
          ? { intValue: String(value) }
          : { doubleValue: value },
  }));

/** A whole number of milliseconds since 1970. */
const nanoseconds = (milliseconds: number): string => String(BigInt(Math.trunc(milliseconds)) * 1_000_000n);
