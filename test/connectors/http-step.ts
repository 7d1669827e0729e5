import { fetchOverHttp } from '../../lib/runtime/fetch/fetch-over-http.ts';

/** The members of a step that sources and sinks over HTTP use. */
export function httpStep(signal = new AbortController().signal) {
  return {
    signal,
    fetch: (url: string | URL, init: RequestInit = {}) => fetchOverHttp(url, init, { signal, now: () => Date.now() }),
  };
}
