import type { Random } from './random.ts';

/** A product without sales or stock. */
export interface CatalogueEntry {
  readonly product_id: string;
  readonly name: string;
  /** Cents. */
  readonly price: number;
  /** Weight of its demand against other products. */
  readonly demand: number;
}

/** Things that a gift shop sells, each in several kinds: 24 × 5 products. Prices in cents: from, to. */
const things: readonly (readonly [name: string, low: number, high: number])[] = [
  ['Tea Light Holder', 125, 495],
  ['Lunch Bag', 165, 395],
  ['Cake Stand', 995, 2495],
  ['Bunting', 295, 895],
  ['Storage Jar', 245, 795],
  ['Tote Bag', 195, 495],
  ['Picture Frame', 295, 1295],
  ['Alarm Clock', 375, 1195],
  ['Napkins, pack of 20', 85, 195],
  ['Biscuit Tin', 495, 1195],
  ['Hand Warmer', 185, 295],
  ['Water Bottle', 295, 995],
  ['Doormat', 795, 1895],
  ['Wall Hook', 145, 495],
  ['Scented Candle', 395, 1695],
  ['Notebook', 125, 595],
  ['Wicker Basket', 1295, 3995],
  ['Mug', 245, 695],
  ['Cushion Cover', 595, 1695],
  ['Garden Lantern', 895, 2995],
  ['Ribbon Reel', 85, 245],
  ['Playing Cards', 125, 395],
  ['Door Sign', 195, 595],
  ['Umbrella', 995, 2495],
];
const kinds = ['Spotty Red', 'Vintage Rose', 'Woodland', 'Nordic Blue', 'Retro Stripe'];

/** 120 products. Demand falls off steeply, as in real shops; three products are no longer sold. */
export function generatedCatalogue(random: Random): CatalogueEntry[] {
  return things
    .flatMap(([thing, low, high]) => kinds.map((kind) => ({ name: `${kind} ${thing}`, low, high })))
    .map(({ name, low, high }, index) => ({
      product_id: `P${1001 + index}`,
      name,
      // Prices end in 5.
      price: Math.floor(random.between(low, high) / 10) * 10 + 5,
      demand: index % 45 === 7 ? 0 : 1 / (1 + random.between(0, 119) / 8),
    }));
}
