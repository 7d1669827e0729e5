/** A page as paging sees it. */
export interface ReadPage<Body> {
  readonly url: URL;
  readonly body: Body;
  /** Number of its items. */
  readonly count: number;
  readonly headers: Headers;
}

/** The way in which an API divides its answer into pages. */
export interface Paging<Body> {
  /** The address of the first page, made from the author's address. */
  first(url: URL): URL;
  /** The address of the page after this one; null after the last. */
  next(page: ReadPage<Body>): URL | null;
  /**
   * True if a page is named by its place, so that new or removed items shift others from page to page. After a pause the last page is then read again. A
   * cursor, in contrast, stays at its place.
   */
  readonly shifts: boolean;
  /** The most empty pages in a row that name a next page. */
  readonly emptyPages: number;
  /** The status that means "no such page", which is the end. */
  readonly endStatus?: number;
}

/** The address with a new value for a parameter. */
export function withParameter(url: URL, name: string, value: string | number): URL {
  const changed = new URL(url);
  changed.searchParams.set(name, String(value));
  return changed;
}
