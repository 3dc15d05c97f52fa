import type { ReviewView } from "./review-queries.ts";

/** Where the review of an upload stands: which rows, which words, which page from 1. */
export type ReviewPlace = { view: ReviewView; words: string; page: number };

/** The address of the review. A place names its rows, so that they are shown even while others of the upload are being sent. */
export function reviewHref(batchId: string, place: Partial<ReviewPlace>): string {
  const query = new URLSearchParams();
  if (place.view !== undefined) query.set("rows", place.view);
  if (place.words !== undefined && place.words !== "") query.set("q", place.words);
  if (place.page !== undefined && place.page > 1) query.set("page", String(place.page));
  const text = query.toString();
  return text === "" ? `/bulk/${batchId}` : `/bulk/${batchId}?${text}`;
}
