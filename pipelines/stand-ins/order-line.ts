import { tenThousandths } from './ten-thousandths.ts';

/** One line of an order file, checked. */
export interface OrderLine {
  readonly invoice: string;
  readonly stockCode: string;
  /** Empty if the line has none. */
  readonly description: string;
  readonly quantity: number;
  /** ISO 8601 UTC with milliseconds. */
  readonly date: string;
  /** Ten-thousandths. */
  readonly price: bigint;
  /** Null for a guest. */
  readonly customer: string | null;
  readonly country: string;
}

/** The columns that a file must have, in any order; it may have more. */
export const orderLineColumns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

/** The line's texts by column. */
export type RawLine = Readonly<Record<(typeof orderLineColumns)[number], string>>;

const moment = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(?::(\d\d)(?:\.0+)?)?Z?$/;
const quantity = /^[+-]?\d{1,9}(?:\.0+)?$/;
/** Spreadsheets write whole numbers as `12923.0`. */
const spreadsheetId = /^(\d+)\.0+$/;

/** Checks a line. Returns the line, or its mistake as text. */
export function orderLineOf(raw: RawLine): OrderLine | string {
  const price = tenThousandths(raw.UnitPrice.trim());
  const date = dateOf(raw.InvoiceDate.trim());
  if (raw.InvoiceNo === '') return 'InvoiceNo is empty';
  if (raw.StockCode === '') return 'StockCode is empty';
  if (!quantity.test(raw.Quantity.trim())) return `Quantity must be a whole number, not ${quoted(raw.Quantity)}`;
  if (price === null) return `UnitPrice must be a number with at most 4 decimals, not ${quoted(raw.UnitPrice)}`;
  if (date === null) return `InvoiceDate must be like 2011-10-06 16:20:00, not ${quoted(raw.InvoiceDate)}`;
  const customer = raw.CustomerID.trim().replace(spreadsheetId, '$1');
  return {
    invoice: raw.InvoiceNo,
    stockCode: raw.StockCode,
    description: raw.Description,
    quantity: Number(raw.Quantity),
    date,
    price,
    customer: customer === '' ? null : customer,
    country: raw.Country,
  };
}

const dateOf = (text: string): string | null => {
  const [, day, minutes, seconds = '00'] = moment.exec(text) ?? [];
  const iso = `${day}T${minutes}:${seconds}.000Z`;
  // Date.parse reads February 30th as March 2nd, so only a date that comes back unchanged is valid.
  return Number.isNaN(Date.parse(iso)) || new Date(iso).toISOString() !== iso ? null : iso;
};

const quoted = (text: string): string => JSON.stringify(text);
