/** The address of a firm's logo. The hash of its content is part of it, so that a browser may keep it for ever. */
export function logoPath(slug: string, hash: string): string {
  return `/logo/${slug}/${hash}`;
}
