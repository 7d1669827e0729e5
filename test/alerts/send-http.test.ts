import { afterEach, describe, expect, test } from 'vitest';
import { AlertNotTakenError, AlertRefusedError, sendHttp } from '../../lib/alerts/send/send-http.ts';
import { jsonMessage } from '../../lib/alerts/vendors/http-message.ts';
import { type Reply, startVendor, type VendorServer } from './vendors/vendor-server.ts';

let server: VendorServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** Sends one message to a server with these replies; returns the result or the error, and the pauses between tries. */
async function sendTo(...replies: readonly Reply[]) {
  server = await startVendor(...replies);
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(ms);
  };
  const message = jsonMessage(`${server.url}/secret-path`, { ok: true });
  const complaint = (body: string) =>
    body.includes('"ok":false') ? { reason: 'channel_not_found', transient: body.includes('busy') } : null;
  const result = await sendHttp(message, { receiver: 'slack', pause, complaint, timeOutMs: 150 }).catch(
    (error: unknown) => error,
  );
  return { result, pauses, tries: server.received.length };
}

describe('sending', () => {
  test('returns the answer of a receiver that takes the message', async () => {
    expect(await sendTo({ status: 202, body: 'ok' })).toEqual({ result: 'ok', pauses: [], tries: 1 });
  });

  test('rests as long as a receiver with 429 asks', async () => {
    const busy = { status: 429, headers: { 'retry-after': '7' } };
    expect(await sendTo(busy, { status: 200, body: 'ok' })).toEqual({ result: 'ok', pauses: [7_000], tries: 2 });
  });

  test('leaves the message to a later invocation if a receiver asks for a long rest', async () => {
    const { result, tries } = await sendTo({ status: 429, headers: { 'retry-after': '120' } });
    expect(result).toBeInstanceOf(AlertNotTakenError);
    expect(String(result)).toContain('HTTP 429; it asks for 120 s of rest');
    expect(tries).toBe(1);
  });

  test('repeats after 500, a reset and silence, with growing pauses', async () => {
    const { result, pauses, tries } = await sendTo({ status: 500 }, 'reset', 'silence', { status: 200, body: 'ok' });
    expect({ result, pauses, tries }).toEqual({ result: 'ok', pauses: [500, 1_500, 4_500], tries: 4 });
  });

  test('gives up after four tries', async () => {
    const { result, tries } = await sendTo({ status: 503 });
    expect(result).toBeInstanceOf(AlertNotTakenError);
    expect(tries).toBe(4);
  });

  test('does not repeat what a receiver refuses', async () => {
    const { result, tries } = await sendTo({ status: 404, body: 'no_service' });
    expect(result).toBeInstanceOf(AlertRefusedError);
    expect(String(result)).toBe('AlertRefused: slack refused the alert: HTTP 404 (no_service)');
    expect(tries).toBe(1);
  });

  test('takes a complaint in an answer with status 200 as a refusal', async () => {
    const { result } = await sendTo({ status: 200, body: '{"ok":false,"error":"channel_not_found"}' });
    expect(String(result)).toBe('AlertRefused: slack refused the alert: channel_not_found');
  });

  test('repeats after a complaint that may pass', async () => {
    const busy = { status: 200, body: '{"ok":false,"error":"busy"}' };
    expect(await sendTo(busy, { status: 200, body: 'ok' })).toMatchObject({ result: 'ok', tries: 2 });
  });

  test('follows no redirect, and no error shows the address', async () => {
    const { result, tries } = await sendTo({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
    expect(result).toBeInstanceOf(AlertRefusedError);
    expect(tries).toBe(1);
    for (const replies of [[{ status: 503 }], ['reset'], ['silence'], [{ status: 400 }]] as const) {
      await server?.close();
      expect(String((await sendTo(...replies)).result)).not.toMatch(/127\.0\.0\.1|secret-path/);
    }
  });
});
