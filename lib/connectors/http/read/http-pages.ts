import type { Step } from '../../../runtime/step.ts';
import type { HttpPage, HttpSource } from './http-source.ts';
import { PageWalk } from './page-walk.ts';

/**
 * Reads the pages of an API one after the other: every item once, or an error. An answer that does not fit the schema is a ValidationError that names page and
 * path; so are pages that would never end. Transient failures are RetryableErrors: broken or cut answers, 408, 429, 5xx, maintenance web pages, and fewer items
 * than the API states. A Retry-After of up to 10 seconds is waited for. Token, links and redirects stay in the first address's origin, unless `allowedOrigins`
 * names others.
 */
export async function* httpPages<Body, Item>(
  step: Pick<Step, 'fetch' | 'signal'>,
  source: HttpSource<Body, Item>,
): AsyncGenerator<HttpPage<Body, Item>> {
  const walk = new PageWalk(step, source);
  let address = walk.first;
  while (address !== null) {
    const read = await walk.page(address);
    if (read === null) return;
    yield read.page;
    address = read.next;
  }
}
