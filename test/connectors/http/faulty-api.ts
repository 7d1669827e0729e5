import { gzipSync } from 'node:zlib';
import { type Answer, serve } from '../web-server.ts';

/** A row of an API: its number, and a text with letters that charsets write differently. */
export interface Row {
  readonly id: number;
  readonly name: string;
  /** A number of more digits than a double holds, as JSON. */
  readonly amount: string;
}

export function rowOf(id: number): Row {
  return { id, name: `Müller ${id}`, amount: `${99_999_999_999 - id}.123456789${id % 10}` };
}

/** The way in which an API names its pages. */
export const pagings = ['offset', 'page', 'cursor', 'link', 'link in body'] as const;
export type PagingName = (typeof pagings)[number];

/** Changes the right answer into another one; null resets the connection. */
export type Fault = (answer: Answer, context: FaultContext) => Answer | null;

interface FaultContext {
  /** Another API, which must never get a request. */
  readonly elsewhere: string;
  readonly path: string;
  /** The previous answer. */
  readonly before: Answer | null;
  /** True if the request is for the first page. */
  readonly isFirst: boolean;
}

const bytesOf = ({ text = '' }: Answer): Buffer => Buffer.from(text);
const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, Math.floor(bytes.length / 2));
const packed = (answer: Answer): Answer => ({
  bytes: gzipSync(bytesOf(answer)),
  headers: { ...answer.headers, 'content-encoding': 'gzip' },
});
const typed = (answer: Answer, charset: string, bytes: Buffer): Answer => ({
  bytes,
  headers: { ...answer.headers, 'content-type': `application/json; charset=${charset}` },
});

/** Faults that change no row. Each later request may succeed, so a reader that tries again must succeed too. */
export const passingFaults: Readonly<Record<string, Fault>> = {
  'reset before the answer': () => null,
  'shorter than its length': (answer) => ({ ...answer, cutAfter: Math.floor(bytesOf(answer).length / 2) }),
  'without its last chunk': (answer) => ({
    ...answer,
    chunked: true,
    cutAfter: Math.floor(bytesOf(answer).length / 2),
  }),
  'cut, and closed properly': (answer) => ({ ...answer, text: bytesOf(answer).toString().slice(0, -5), chunked: true }),
  'cut inside of its gzip': (answer) => ({ ...packed(answer), bytes: half(packed(answer).bytes as Uint8Array) }),
  'gzip without its end mark': (answer) => ({
    ...packed(answer),
    bytes: (packed(answer).bytes as Uint8Array).subarray(0, -8),
  }),
  empty: (answer) => ({ ...answer, text: '' }),
  'a page of maintenance': () => ({ text: '<html>back soon</html>', headers: { 'content-type': 'text/html' } }),
  '202': () => ({ status: 202, text: '{"items":[]}' }),
  '429': () => ({ status: 429, text: '', headers: { 'retry-after': '0' } }),
  '503': () => ({ status: 503, text: '{"items":[]}' }),
  '403 with Retry-After': () => ({ status: 403, text: '', headers: { 'retry-after': '0' } }),
};

/** Unusual answers that are right nevertheless. */
export const harmlessOddities: Readonly<Record<string, Fault>> = {
  gzip: packed,
  'two gzip members': (answer) => {
    const bytes = bytesOf(answer);
    return { ...packed(answer), bytes: Buffer.concat([gzipSync(bytes.subarray(0, 9)), gzipSync(bytes.subarray(9))]) };
  },
  'Latin-1 by its header': (answer) => typed(answer, 'iso-8859-1', Buffer.from(answer.text ?? '', 'latin1')),
  'UTF-16 by its mark': (answer) => ({ ...answer, bytes: Buffer.from(`\ufeff${answer.text}`, 'utf16le') }),
  'a byte order mark': (answer) => ({ ...answer, text: `\ufeff${answer.text}` }),
  'a redirect to itself': (_, { path }) =>
    path.includes('moved=1') ? _ : { status: 307, text: '', headers: { location: `${path}&moved=1` } },
};

/** Faults that a reader cannot work around: it must notice them. */
export const lastingFaults: Readonly<Record<string, Fault>> = {
  'Latin-1 without a word': (answer) => ({ ...answer, bytes: Buffer.from(answer.text ?? '', 'latin1') }),
  'a redirect to another host': (_, { elsewhere }) => ({
    status: 302,
    text: '',
    headers: { location: `${elsewhere}/rows` },
  }),
  'a link to another host': (answer, { elsewhere }) => ({
    ...answer,
    text: (answer.text ?? '').replace(/"next":"[^"]*"/, `"next":"${elsewhere}/rows"`),
    headers: { link: `<${elsewhere}/rows>; rel="next"` },
  }),
  'the page before': (answer, { before }) => before ?? answer,
  'no rows': (answer) => ({ ...answer, text: (answer.text ?? '').replace(/"items":\[.*?\](?=,"total)/, '"items":[]') }),
  'a row too few': (answer) => ({ ...answer, text: (answer.text ?? '').replace(/"items":\[\{.*?\},?/, '"items":[') }),
  // On the first page this status means that there are no rows.
  '204': (answer, { isFirst }) => (isFirst ? answer : { status: 204, text: '' }),
  '404': () => ({ status: 404, text: '' }),
  'a key twice': (answer) => ({ ...answer, text: (answer.text ?? '').replace('"id":', '"id":0,"id":') }),
};

/** An API with rows that plays faults. */
export interface ApiPlan {
  readonly rows: number;
  readonly paging: PagingName;
  /** The most rows per page, even if the request asks for more. */
  readonly cap: number;
  /** True if the API fills its pages; otherwise it sometimes gives fewer rows. Pages with numbers are always filled. */
  readonly isEven: boolean;
  /** Faults by the number of the request, from 1. */
  readonly faults: ReadonlyMap<number, Fault>;
  /** Changes of the rows before a request is answered, by its number. */
  readonly changes?: ReadonlyMap<number, (rows: Row[]) => void>;
}

/** Starts an API. Rows are in `items`, and every answer states the total. */
export async function faultyApi({ rows, paging, cap, isEven, faults, changes }: ApiPlan) {
  const elsewhere = await serve(() => ({ text: `{"items":[${text(rowOf(0))}],"total":${rows},"next":null}` }));
  const all = Array.from({ length: rows }, (_, index) => rowOf(index + 1));
  let before: Answer | null = null;
  const server = await serve((url, request, number) => {
    changes?.get(number)?.(all);
    const asked = Number(url.searchParams.get('limit') ?? cap);
    const size = paging === 'page' || isEven ? Math.min(asked, cap) : 1 + ((number * 7) % Math.min(asked, cap));
    const place = Number(url.searchParams.get(paging === 'page' ? 'page' : 'at') ?? 0);
    const from = paging === 'page' ? (place - 1) * size : place;
    const next = from + size < all.length ? String(from + size) : null;
    const path = `/rows?at=${next}`;
    const named = paging === 'link in body' ? `"${path}"` : `"${next}"`;
    const right: Answer = {
      text: `{"items":[${all.slice(from, from + size).map(text)}],"total":${all.length},"next":${next === null ? null : named}}`,
      ...(paging === 'link' && next !== null && { headers: { link: `<${path}>; rel="next"` } }),
    };
    const fault = faults.get(number);
    const answer =
      fault === undefined
        ? right
        : fault(right, { elsewhere: elsewhere.url, path: request.url ?? '', before, isFirst: from === 0 });
    before = right;
    if (answer === null) request.socket.destroy();
    return answer ?? {};
  });
  const stop = () => {
    server.stop();
    elsewhere.stop();
  };
  return { url: `${server.url}/rows`, all, elsewhere: elsewhere.requests, stop };
}

const text = ({ id, name, amount }: Row): string => `{"id":${id},"name":${JSON.stringify(name)},"amount":${amount}}`;
