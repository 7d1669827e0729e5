/** A page as paging sees it. */
export interface ReadPage<Body> {
  readonly url: URL;
  readonly body: Body;
  /** How many items it had. */
  readonly count: number;
  readonly headers: Headers;
}

/** How an API cuts its answer into pages. */
export interface Paging<Body> {
  /** The address of the first page, made of the one that the author gave. */
  first(url: URL): URL;
  /** The address of the page after this one; null after the last. */
  next(page: ReadPage<Body>): URL | null;
  /**
   * Whether a page is named by its place, so that items that come or go shift others from page to page. After a pause the last page is then read again; a cursor, in contrast, stays
   * where it is.
   */
  readonly shifts: boolean;
  /** How many pages in a row may be empty and yet name a next one. */
  readonly emptyPages: number;
  /** The status that means "there is no such page", and so the end. */
  readonly endStatus?: number;
}

/** The address with another value of a parameter. */
export function withParameter(url: URL, name: string, value: string | number): URL {
  const changed = new URL(url);
  changed.searchParams.set(name, String(value));
  return changed;
}
