/** PagerDuty and Slack as one `fetch`: what people would see of the messages. */

export interface Page {
  readonly at: number;
  readonly key: string;
  readonly summary: string;
}

export interface Post {
  readonly at: number;
  readonly channel: string;
  readonly thread: string | null;
  readonly text: string;
}

export class NightVendors {
  /** Incidents that PagerDuty opened: each wakes a person. */
  readonly pages: Page[] = [];
  readonly posts: Post[] = [];
  /** Keys of PagerDuty's open incidents. */
  readonly open = new Set<string>();
  readonly #now: () => number;
  readonly #isDown: (now: number) => boolean;

  constructor(now: () => number, isDown: (now: number) => boolean) {
    this.#now = now;
    this.#isDown = isDown;
  }

  readonly fetch = (async (url: string, { body }: { readonly body: string }) => {
    const at = this.#now();
    if (this.#isDown(at)) return new Response('try later', { status: 503 });
    const content = JSON.parse(body);
    if (new URL(url).host === 'slack.com') {
      this.posts.push({ at, channel: content.channel, thread: content.thread_ts ?? null, text: content.text });
      return new Response(JSON.stringify({ ok: true, ts: `${at}.${this.posts.length}` }));
    }
    const key: string = content.dedup_key;
    if (content.event_action === 'resolve') this.open.delete(key);
    if (content.event_action === 'trigger' && !this.open.has(key)) {
      this.open.add(key);
      this.pages.push({ at, key, summary: content.payload.summary });
    }
    return new Response('{}', { status: 202 });
  }) as unknown as typeof fetch;
}
