/** Package export `daybreak/published`: readers of published data, for programs. */
export { PublishedError } from '../operate/published/published-error.ts';
export { openPublished, type Published, type PublishedOptions } from './open-published.ts';
