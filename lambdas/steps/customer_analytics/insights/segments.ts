/** Segments from best to last, in display order. */
export const segments = ['VIP', 'Regular', 'Occasional', 'New'] as const;
export type Segment = (typeof segments)[number];
