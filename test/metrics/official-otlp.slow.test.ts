import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { otlpTraces } from '../../lib/metrics/traces/otlp.ts';
import { parentIdOf, spanIdOf, type TraceSpan, traceIdOf } from '../../lib/metrics/traces/span.ts';

/** A Python with the package `opentelemetry-proto`, whose classes are made of the protocol's own definitions. */
const python = process.env.DAYBREAK_OTLP_PYTHON ?? 'python3';
const proto = 'opentelemetry.proto.collector.trace.v1.trace_service_pb2';
const isThere = spawnSync(python, ['-c', `import ${proto}`]).status === 0;

/** Reads a request in OTLP's JSON form, whose ids are hexadecimal where protobuf's own JSON has Base64, and prints what it understood. An unknown field is an error. */
const reader = `
import base64, json, sys
from google.protobuf import json_format
from ${proto} import ExportTraceServiceRequest
document = json.load(sys.stdin)
for resource in document["resourceSpans"]:
    for scope in resource["scopeSpans"]:
        for span in scope["spans"]:
            for name in ("traceId", "spanId", "parentSpanId"):
                if name in span: span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
request = json_format.ParseDict(document, ExportTraceServiceRequest(), ignore_unknown_fields=False)
request = ExportTraceServiceRequest.FromString(request.SerializeToString())
print(json.dumps([[resource.resource.attributes[0].value.string_value, span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex(), span.name,
  span.start_time_unix_nano, span.end_time_unix_nano, span.status.code, span.status.message, {a.key: a.value.int_value for a in span.attributes if a.value.HasField("int_value")}]
  for resource in request.resource_spans for scope in resource.scope_spans for span in scope.spans]))
`;

test.skipIf(!isThere)(
  "the protocol's own definitions understand a trace as it is meant (skipped where Python has no opentelemetry-proto)",
  () => {
    const place = { pipeline: 'größe "x"', run_id: 'r1', execution: 2 } as const;
    const run: TraceSpan = {
      ...place,
      step: null,
      attempt: null,
      start: 1_767_225_600_001,
      end: 1_767_225_600_009,
      error: null,
      facts: {},
    };
    const step: TraceSpan = {
      ...run,
      step: 'extract',
      error: { error: 'Error', text: 'line\n\u2028' },
      facts: { attempts: 1, rows: 5_000_000_000 },
    };
    const attempt: TraceSpan = { ...step, attempt: 1, facts: {} };
    const input = JSON.stringify(otlpTraces([run, step, attempt]));
    const understood = JSON.parse(execFileSync(python, ['-c', reader], { input, encoding: 'utf8' }));
    const of = (span: TraceSpan) => [place.pipeline, traceIdOf(span), spanIdOf(span), parentIdOf(span) ?? ''];
    const times = [1_767_225_600_001_000_000, 1_767_225_600_009_000_000];
    const failed = [2, 'Error: line\n\u2028'];
    expect(understood).toEqual([
      [...of(run), place.pipeline, ...times, 1, '', { 'daybreak.execution': 2 }],
      [
        ...of(step),
        'extract',
        ...times,
        ...failed,
        { 'daybreak.execution': 2, 'daybreak.attempts': 1, 'daybreak.rows': 5_000_000_000 },
      ],
      [...of(attempt), 'extract attempt 1', ...times, ...failed, { 'daybreak.execution': 2, 'daybreak.attempt': 1 }],
    ]);
  },
);
