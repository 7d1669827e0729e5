import { describe, expect, test } from 'vitest';
import { type HttpTarget, refusalIn, sendBatches } from '../../../lib/connectors/sinks.ts';
import { RetryableError } from '../../../lib/contract/errors.ts';
import { MemoryRun } from '../memory-step.ts';
import { type Answer, serve } from '../web-server.ts';

const rows = [{ id: 1 }, { id: 2 }];

/** The outcome of sending two rows to an API that gives this answer. */
const outcomeOf = async (answer: Answer, target: Partial<HttpTarget> = {}, batch: readonly object[] = rows) => {
  const { url } = await serve(() => answer);
  return sendBatches(new MemoryRun().step(), batch, { url, ...target }).catch((error: Error) => error);
};

const taken = { rows: 2, batches: 1, skipped: 0 };

describe('an answer accepts the rows', () => {
  test.each<[string, Answer]>([
    ['200 with a list', { text: '[]' }],
    ['200 without a body', { text: '' }],
    ['201 with what was made', { status: 201, json: { created: 2, ids: [1, 2] } }],
    ['202', { status: 202, json: { status: 'accepted' } }],
    ['204', { status: 204 }],
    ['a text', { text: 'OK', headers: { 'content-type': 'text/plain' } }],
    ['errors, of which there are none', { json: { errors: [], error: null, failed: 0, rejected: '0', success: true } }],
    ['errors: false, as Elasticsearch says it', { json: { errors: false, items: [{ index: { status: 201 } }] } }],
    ['207 whose parts all succeeded', { status: 207, json: [{ status: 200 }, { status: '201' }] }],
    ['errcode 0', { json: { errcode: 0, errmsg: 'ok' } }],
    ['code 0', { json: { text: 'Success', code: 0 } }],
    ['a code that is no status', { json: { code: 'A12', statusCode: 201 } }],
    ['rows that it had already', { json: { inserted: 1, skipped: 1 } }],
    ['rows that it took in other ways', { json: { inserted: 0, updated: 2 } }],
    ['a setting', { json: { on_error: 'continue', max_errors: 5, default: 'x' } }],
    ['a job', { json: { status: 'processing', taskUid: 7, error: null } }],
    ['the rows themselves', { json: [{ id: 1, status: 201 }] }],
    [
      '207 in the XML of WebDAV',
      {
        status: 207,
        text: '<?xml version="1.0"?><D:status>HTTP/1.1 200 OK</D:status>',
        headers: { 'content-type': 'text/plain' },
      },
    ],
  ])('%s', async (_, answer) => expect(await outcomeOf(answer)).toEqual(taken));

  test('by echoing the rows, even with a column `error`', async () => {
    const odd = [
      { id: 1, error: 'none of it', status: 404 },
      { id: 2, error: 'x', status: 500 },
    ];
    expect(await outcomeOf({ json: odd }, {}, odd)).toEqual(taken);
    expect(await outcomeOf({ json: { items: odd } }, {}, odd)).toEqual(taken);
    expect(await outcomeOf({ json: odd[0] }, {}, odd)).toEqual(taken);
  });
});

describe('an answer below 300 that refuses the rows is a PermanentError', () => {
  test.each<[string, Answer, RegExp]>([
    ['errors: true', { json: { errors: true } }, /answer to POST http:.* is 200, but .*: "errors" is true/],
    ['errors of GraphQL', { json: { data: null, errors: [{ message: 'no such field' }] } }, /no such field/],
    ['an error', { json: { error: { code: 'quota', message: 'full' } } }, /"error" is \{"code":"quota"/],
    ['a number of failures', { json: { FailedRecordCount: 1 } }, /"FailedRecordCount" is 1/],
    ['insertErrors of BigQuery', { json: { insertErrors: [{ index: 0 }] } }, /"insertErrors"/],
    ['what was not processed', { json: { UnprocessedItems: { table: [1] } } }, /"UnprocessedItems"/],
    ['success: false', { json: { success: false } }, /"success" is false/],
    ['a status of JSend', { json: { status: 'fail', data: {} } }, /"status" is "fail"/],
    ['a text', { text: 'ERROR: table is locked', headers: { 'content-type': 'text/plain' } }, /ERROR: table is locked/],
    [
      'a bulk request of Elasticsearch',
      {
        json: {
          errors: true,
          items: [{ index: { status: 201 } }, { index: { status: 409, error: { type: 'conflict' } } }],
        },
      },
      /1 of 2 rows were not taken; the first is part 2: .*conflict/,
    ],
    [
      '207 with a part that failed',
      { status: 207, json: { results: [{ status: 200 }, { statusCode: 422 }] } },
      /1 of 2 rows/,
    ],
    ['207 with parts of which none has a status', { status: 207, json: { done: 2 } }, /give `judge`/],
    [
      '207 in the XML of WebDAV',
      {
        status: 207,
        text: '<D:status>HTTP/1.1 200 OK</D:status><D:status>HTTP/1.1 423 Locked</D:status>',
        headers: { 'content-type': 'text/plain' },
      },
      /part 2/,
    ],
    ['parts with errors', { json: [{ id: 1 }, { error: 'too long' }] }, /part 2: \{"error":"too long"\}/],
    ['a status of 400 and above in the JSON', { json: { code: 422, message: 'bad' } }, /"code" is 422/],
    ['success as a text', { json: { success: 'false' } }, /"success" is "false"/],
    ['ok: 0', { json: { ok: 0 } }, /"ok" is 0/],
    ['a result that is an error', { json: { result: 'error', message: 'x' } }, /"result" is "error"/],
    ['a partial success', { json: { status: 'partial' } }, /"status" is "partial"/],
    ['a code of errors', { json: { errcode: 40001, errmsg: 'bad' } }, /"errcode" is 40001/],
    ['errors of validation', { json: { validation_errors: { name: 'too long' } } }, /"validation_errors"/],
    ['a count of errors', { json: { status: 'COMPLETE', numErrors: 2 } }, /"numErrors" is 2/],
    ['errors deep inside', { json: { data: { create: { userErrors: [{ message: 'x' }] } } } }, /"userErrors"/],
    ['a header with a status', { json: { responseHeader: { status: 400 } } }, /"status" is 400/],
    ['parts inside an object', { json: { data: { results: [{ status: 200 }, { status: 400 }] } } }, /part 2/],
    ['parts with an outcome', { json: { results: [{ state: 'ok' }, { state: 'rejected' }] } }, /part 2/],
    ['parts that are texts', { json: ['ok', 'error: too long'] }, /part 2: "error: too long"/],
    [
      'lines of JSON',
      { text: '{"success":true}\n{"success":false}\n', headers: { 'content-type': 'text/plain' } },
      /1 of 2 rows were not taken; the first is part 2/,
    ],
    [
      'a fault of SOAP',
      {
        text: '<e:Envelope><e:Body><e:Fault>x</e:Fault></e:Body></e:Envelope>',
        headers: { 'content-type': 'text/xml' },
      },
      /Fault/,
    ],
    ['a text', { text: 'Access denied', headers: { 'content-type': 'text/plain' } }, /Access denied/],
    ['a count of fewer rows', { json: { inserted: 1 } }, /"inserted" is 1, and the batch has 2 rows/],
    ['207 for fewer rows', { status: 207, json: [{ status: 200 }] }, /only 1 of 2 rows have a status/],
    ['206', { status: 206, json: {} }, /a 206 is a part of an answer/],
    ['300, which is no success', { status: 300, text: '' }, /is 300, which does not say/],
  ])('%s', async (_, answer, message) => {
    expect(await outcomeOf(answer)).toMatchObject({ name: 'PermanentError', message: expect.stringMatching(message) });
  });
});

describe('an answer that leaves the batch open is a RetryableError', () => {
  test.each<[string, Answer, RegExp]>([
    [
      'a page of maintenance',
      { text: '<html>back soon</html>', headers: { 'content-type': 'text/html' } },
      /is a web page/,
    ],
    ['one that breaks off', { json: { errors: false }, cutAfter: 5 }, /broke off/],
    ['one that is cut', { text: '{"errors":fal' }, /is cut off: it ends after 13 bytes/],
    [
      'only parts that may be taken later',
      { status: 207, json: [{ status: 200 }, { status: 429 }], headers: { 'retry-after': '60' } },
      /1 of 2 rows/,
    ],
  ])('%s', async (_, answer, message) => {
    expect(await outcomeOf(answer)).toMatchObject({ name: 'RetryableError', message: expect.stringMatching(message) });
  });

  test('with the rest that the API asks for', async () => {
    const answer = { status: 207, json: [{ status: 503 }], headers: { 'retry-after': '60' } };
    expect(await outcomeOf(answer)).toMatchObject({ retryAfter: 60 });
  });
});

describe('the function `judge`', () => {
  const answer: Answer = { status: 207, json: { errors: true, big: 9007199254740993n.toString() } };

  test('gets status, headers, body and rows', async () => {
    const seen: unknown[] = [];
    await outcomeOf(answer, {
      judge: ({ status, headers, body, rows: batch }) => {
        seen.push(status, headers.get('content-type'), body, batch);
        return null;
      },
    });
    expect(seen).toEqual([207, 'application/json', { errors: true, big: '9007199254740993' }, rows]);
  });

  test('accepts, refuses, asks for another attempt, or leaves the answer to the default', async () => {
    expect(await outcomeOf(answer, { judge: () => null })).toEqual(taken);
    expect(await outcomeOf(answer, { judge: async () => undefined })).toEqual(taken);
    const refused = await outcomeOf(answer, { judge: () => 'two rows are missing' });
    expect(refused).toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(/: two rows are missing$/),
    });
    const later = () => {
      throw new RetryableError('later');
    };
    expect(await outcomeOf(answer, { judge: later })).toMatchObject({ name: 'RetryableError', message: 'later' });
    expect(await outcomeOf(answer, { judge: refusalIn })).toMatchObject({ name: 'PermanentError' });
  });
});

describe('a refused batch', () => {
  test('is sent again with the same key; an accepted one is not', async () => {
    const keys: (string | undefined)[] = [];
    const { url } = await serve((_, { headers }, count) => {
      keys.push(headers['idempotency-key'] as string);
      return count === 2 ? { json: { errors: true } } : { json: {} };
    });
    const run = new MemoryRun();
    await expect(sendBatches(run.step(), rows, { url, batchSize: 1 })).rejects.toThrow(/errors/);
    expect(await sendBatches(run.step(), rows, { url, batchSize: 1 })).toEqual({ rows: 2, batches: 2, skipped: 1 });
    expect(keys).toHaveLength(3);
    expect(keys[1]).toBe(keys[2]);
    expect(keys[0]).not.toBe(keys[1]);
  });
});
