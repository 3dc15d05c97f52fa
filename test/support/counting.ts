import type { Database } from "../../src/db/open.ts";

/** The database with a count of the statements that are made of it, without the beginnings and ends of transactions. */
export function countingStatements(database: Database): Database & { count: () => number } {
  let count = 0;
  const kysely = database.kysely.withPlugin({
    transformQuery({ node }) {
      count += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { ...database, kysely, count: () => count };
}
