/**
 * Holds a document to the JSON form of OTLP's ExportTraceServiceRequest: only the fields of opentelemetry-proto's trace.proto and common.proto (v1), with the rules of
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding: ids in hexadecimal digits, 64-bit numbers as decimal texts, enumerations as numbers.
 */
type Check = (value: unknown, path: string) => string | null;

const text: Check = (value, path) =>
  typeof value === 'string' && value.isWellFormed() ? null : `${path} is no whole text`;
const matching =
  (pattern: RegExp): Check =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value) ? null : `${path} is not of the form ${pattern}`;
const oneOf =
  (...values: readonly number[]): Check =>
  (value, path) =>
    values.includes(value as number) ? null : `${path} is none of ${values}`;
const list =
  (item: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return `${path} is no list`;
    return value.map((one, index) => item(one, `${path}[${index}]`)).find((fault) => fault !== null) ?? null;
  };
/** A name with `?` may be missing. */
const message =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path} is no message`;
    const known = new Map(Object.entries(fields).map(([name, check]) => [name.replace('?', ''), check]));
    const missing = Object.keys(fields).find((name) => !name.endsWith('?') && !Object.hasOwn(value, name));
    if (missing !== undefined) return `${path}.${missing} is missing`;
    for (const [name, inner] of Object.entries(value)) {
      const fault = known.has(name) ? known.get(name)?.(inner, `${path}.${name}`) : `${path}.${name} is unknown`;
      if (fault) return fault;
    }
    return null;
  };

const anyValue: Check = (value, path) => {
  const kinds = Object.keys((value as object | null) ?? {});
  if (kinds.length !== 1) return `${path} has ${kinds.length} values`;
  return message({
    'stringValue?': text,
    'intValue?': matching(/^-?\d{1,19}$/),
    'doubleValue?': (one, at) => (Number.isFinite(one) ? null : `${at} is no number`),
  })(value, path);
};
const attributes = list(message({ key: matching(/^[a-z_.]+$/), value: anyValue }));
const time = matching(/^\d{16,19}$/);

const span = message({
  traceId: matching(/^(?!0+$)[0-9a-f]{32}$/),
  spanId: matching(/^(?!0+$)[0-9a-f]{16}$/),
  'parentSpanId?': matching(/^(?!0+$)[0-9a-f]{16}$/),
  name: text,
  kind: oneOf(0, 1, 2, 3, 4, 5),
  startTimeUnixNano: time,
  endTimeUnixNano: time,
  attributes,
  status: message({ 'message?': text, code: oneOf(0, 1, 2) }),
});

const request = message({
  resourceSpans: list(
    message({
      resource: message({ attributes }),
      scopeSpans: list(message({ scope: message({ name: text }), spans: list(span) })),
    }),
  ),
});

/** The first field that breaks the protocol; null if none does. */
export function otlpFault(document: unknown): string | null {
  return request(document, 'request');
}
