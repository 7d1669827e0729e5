import type { AllowedOrigin } from '../../../runtime/fetch/origin-trust.ts';
import type { Step } from '../../../runtime/step.ts';
import type { AnyRow } from '../../row-batches.ts';
import type { Token } from '../bearer-token.ts';
import type { ColumnForms } from './column-forms.ts';

/** The API's answer to a batch, with a status below 300. */
export interface SentAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** JSON with every number exact; a text if it is not JSON; null if there is no body. */
  readonly body: unknown;
  /** The rows of the batch. */
  readonly rows: readonly AnyRow[];
}

/** The reason why an answer means that the API did not take the batch, as the end of a sentence; null if the API took it. */
export type Refusal = string | null | undefined;

/** An API that takes rows. */
export interface HttpTarget {
  readonly url: string | URL;
  /** POST by default. */
  readonly method?: 'POST' | 'PUT' | 'PATCH';
  /** Makes the JSON to send for some rows; by default a list of them. `sendBatches` may call it twice for the same rows. */
  readonly body?: (rows: readonly AnyRow[]) => unknown;
  /** The form of columns by name: `number`, `text` or `json`. Points lead into structs and their lists: `items.price`. */
  readonly as?: ColumnForms;
  /** Rows per request, by default 100. Another number in a later attempt makes other batches, which are sent again. */
  readonly batchSize?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: Token;
  /** Other origins that redirects may lead to, such as "https://eu.example.com". */
  readonly allowedOrigins?: readonly AllowedOrigin[];
  readonly requestsPerSecond?: number;
  /** Tells two sendings of the same rows to the same address apart. */
  readonly name?: string;
  /** The header by which the API recognises a batch that it already has; `Idempotency-Key` by default. */
  readonly keyHeader?: string;
  /**
   * Judges an answer. A text ends the step with a PermanentError that quotes it; the function may throw a RetryableError instead. By default `refusalIn`
   * judges: it knows the usual forms of a 200 with errors and of a 207.
   */
  readonly judge?: (answer: SentAnswer) => Refusal | Promise<Refusal>;
}

/** The outcome of a sending. */
export interface Sent {
  readonly rows: number;
  readonly batches: number;
  /** Batches that an earlier attempt sent. */
  readonly skipped: number;
}

/** The members of a step that sending uses. */
export type SendingStep = Pick<
  Step,
  'signal' | 'fetch' | 'once' | 'progress' | 'checkpoint' | 'yieldIfDue' | 'run' | 'name'
>;
