import type { AllowedOrigin } from '../../../runtime/fetch/origin-trust.ts';
import type { Token } from '../bearer-token.ts';
import type { Paging } from './paging.ts';
import type { SeenSoFar } from './seen-items.ts';

/** A schema of zod, or of a library with the same interface. */
export interface Schema<Body> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Body }
    | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };
}

/** The reason why a value does not fit a schema. */
export interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The place to continue from: small JSON for a checkpoint. */
export interface HttpCursor {
  /** The page to read; null after the last. */
  readonly url: string | null;
  /** Its number, from 1. */
  readonly page: number;
  /** The address of the source without its query. A cursor is valid for this address only. */
  readonly of?: string;
  /** Number of items in the pages before. */
  readonly items?: number;
  /** The total that the page before stated. */
  readonly total?: number;
  readonly seen?: SeenSoFar;
}

/** An answer, as `total`, `more` and `judge` read it. */
export interface CountedPage<Body> {
  readonly body: Body;
  readonly headers: Headers;
}

/** An API that answers in pages. */
export interface HttpSource<Body, Item> {
  /** The first page. */
  readonly url: string | URL;
  readonly paging: Paging<Body>;
  /** The schema of every page. Fields that it does not name are left out. */
  readonly schema: Schema<Body>;
  readonly items: (body: Body) => readonly Item[];
  /** Identifies an item. An item whose key came before is left out. */
  readonly key?: (item: Item) => string | number | bigint;
  /**
   * Returns the number of items in all pages together, as the API states it. By default it is read from usual places (`total`, `total_count`, `X-Total-Count`,
   * ...); `() => null` reads none. Fewer items than the total, and totals that show that items moved between pages, are a RetryableError.
   */
  readonly total?: (page: CountedPage<Body>) => number | null | undefined;
  /**
   * True if the API says that pages follow this one. By default it is read from usual places (`has_more`, `hasNextPage`, `next_cursor`, `total_pages`, ...);
   * `() => null` reads none. A reading that ends while pages follow is a RetryableError.
   */
  readonly more?: (page: CountedPage<Body>) => boolean | null | undefined;
  /**
   * Judges a page. A text ends the step with a PermanentError that quotes it. By default a page that says that it is an error (`error: {...}`, `ok: false`,
   * `status: "error"`) is one; `() => null` takes it for data.
   */
  readonly judge?: (page: CountedPage<Body>) => string | null | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: Token;
  /** Other origins that links and redirects may lead to, such as "https://files.example.com". */
  readonly allowedOrigins?: readonly AllowedOrigin[];
  readonly requestsPerSecond?: number;
  /** The cursor at which an earlier invocation stopped. */
  readonly after?: HttpCursor | null | undefined;
}

/** One page. */
export interface HttpPage<Body, Item> {
  readonly items: Item[];
  readonly body: Body;
  /** From 1. */
  readonly number: number;
  /** Number of items that an earlier page had too. */
  readonly duplicates: number;
  /** The cursor that continues behind this page. */
  readonly cursor: HttpCursor;
}
