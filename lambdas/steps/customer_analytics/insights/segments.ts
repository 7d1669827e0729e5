/** Segments from the best to the last; the order in which they are shown. */
export const segments = ['VIP', 'Regular', 'Occasional', 'New'] as const;
export type Segment = (typeof segments)[number];
