import type { ImportCounts } from './import-order-lines.ts';
import type { OrderLine } from './order-line.ts';
import type { SourceOrder, SourceProduct, SourceUser } from './source-data.ts';
import { decimalOf } from './ten-thousandths.ts';

interface OrderSum {
  customer: string | null;
  disputed: boolean;
  date: string;
  total: bigint;
  readonly items: SourceOrder['items'][number][];
}

/**
 * Turns order lines into orders, users and products:
 * - A line whose InvoiceNo begins with `C` is cancelled; of the rest, a line with Quantity ≤ 0 or UnitPrice ≤ 0 is rejected. Both are counted, and no order
 * contains them.
 * - An order is an InvoiceNo. Its date is the earliest line's; its total is the exact sum of Quantity × UnitPrice; without CustomerID it is a guest's.
 * - Users are the CustomerIDs of all lines, including cancelled and rejected ones. created_at and country are the earliest line's; of equals, the first in
 * the file.
 * - Products are the StockCodes of all lines. The name is the Description of the latest line that has one; of equals, the last in the file.
 */
export class OrderLineSums {
  readonly #orders = new Map<string, OrderSum>();
  readonly #users = new Map<string, { date: string; country: string }>();
  readonly #products = new Map<string, { date: string; name: string }>();
  #lines = 0;
  #cancelled = 0;
  #rejected = 0;

  add(line: OrderLine): void {
    this.#lines += 1;
    this.#addUser(line);
    this.#addProduct(line);
    if (line.invoice.startsWith('C')) this.#cancelled += 1;
    else if (line.quantity <= 0 || line.price <= 0n) this.#rejected += 1;
    else this.#addToOrder(line);
  }

  result(): {
    readonly orders: SourceOrder[];
    readonly users: SourceUser[];
    readonly products: SourceProduct[];
    readonly counts: ImportCounts;
  } {
    const orders = [...this.#orders].map(([order_id, { customer, date, total, items }]) => ({
      order_id,
      customer_id: customer,
      order_date: date,
      total_amount: decimalOf(total),
      items,
    }));
    const users = [...this.#users].map(([user_id, { date, country }]) => ({
      user_id,
      // The file has no addresses; no one can own this domain (RFC 2606).
      email: `customer-${user_id}@example.com`,
      country,
      created_at: date,
    }));
    const products = [...this.#products].map(([product_id, { name }]) => ({
      product_id,
      name: name === '' ? product_id : name,
      stock_on_hand: stockOf(product_id),
    }));
    const counts = {
      lines: this.#lines,
      cancelled: this.#cancelled,
      rejected: this.#rejected,
      disputed: [...this.#orders.values()].filter(({ disputed }) => disputed).length,
    };
    return { orders, users, products, counts };
  }

  #addUser({ customer, date, country }: OrderLine): void {
    if (customer === null) return;
    const user = this.#users.get(customer);
    if (user === undefined || date < user.date) this.#users.set(customer, { date, country });
  }

  #addProduct({ stockCode, description, date }: OrderLine): void {
    const product = this.#products.get(stockCode);
    const named = description.trim() !== '';
    if (named && (product === undefined || date >= product.date)) {
      this.#products.set(stockCode, { date, name: description });
    } else if (product === undefined) {
      // Earlier than any date, so that the first line with a description replaces it.
      this.#products.set(stockCode, { date: '', name: '' });
    }
  }

  #addToOrder({ invoice, customer, date, stockCode, quantity, price }: OrderLine): void {
    const order = this.#orders.get(invoice) ?? { customer: null, disputed: false, date, total: 0n, items: [] };
    this.#orders.set(invoice, order);
    if (customer !== null && order.customer !== null && customer !== order.customer) order.disputed = true;
    order.customer ??= customer;
    if (date < order.date) order.date = date;
    order.total += BigInt(quantity) * price;
    order.items.push({ product_id: stockCode, quantity, price: decimalOf(price) });
  }
}

/** The file has no stock. This derives a value that anyone can check: (sum of the code points × 7) mod 200. */
const stockOf = (stockCode: string): number => {
  let sum = 0;
  for (const character of stockCode) sum += character.codePointAt(0) ?? 0;
  return (sum * 7) % 200;
};
