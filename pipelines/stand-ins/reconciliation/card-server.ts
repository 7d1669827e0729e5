import { hasToken, startServer } from '../loopback-server.ts';
import { controlTotal, type Payment } from './generated-payments.ts';

/** Payments on one page. */
const pageSize = 100;

/**
 * A card provider on loopback. `GET /payments?day=2026-01-31&after=<payment_id>` with a bearer token answers `{payments, next, total, control_total}`, ordered by
 * payment_id. Its third request fails with 503, as the real one does now and then.
 */
export async function startCardServer(days: ReadonlyMap<string, readonly Payment[]>, token: string) {
  let requests = 0;
  return startServer((request) => {
    if (!hasToken(request, token)) return { status: 401, body: { error: 'a bearer token is needed' } };
    requests += 1;
    if (requests === 3) return { status: 503, body: { error: 'try again later' } };
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://cards');
    if (pathname !== '/payments') return { status: 404, body: { error: 'not found' } };
    const day = days.get(searchParams.get('day') ?? '') ?? [];
    const own = day.toSorted((a, b) => (a.payment_id < b.payment_id ? -1 : 1));
    const rest = own.filter(({ payment_id }) => payment_id > (searchParams.get('after') ?? ''));
    const page = rest.slice(0, pageSize);
    return {
      status: 200,
      body: {
        payments: page,
        next: rest.length > pageSize ? page.at(-1)?.payment_id : null,
        total: own.length,
        control_total: controlTotal(own),
      },
    };
  });
}
