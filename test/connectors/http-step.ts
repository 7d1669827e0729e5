import { fetchOverHttp } from '../../lib/runtime/fetch/fetch-over-http.ts';

/** What sources and sinks over HTTP need of a step. */
export function httpStep(signal = new AbortController().signal) {
  return {
    signal,
    fetch: (url: string | URL, init: RequestInit = {}) => fetchOverHttp(url, init, { signal, now: () => Date.now() }),
  };
}
