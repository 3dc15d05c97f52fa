import { ConfigError } from "../base/config.ts";
import { migrate } from "../db/migrate.ts";
import { onStop, stopWith } from "./stop.ts";
import { joinSurroundings } from "./surroundings.ts";

// Brings the database up to date, as its owner, and says what ran.
try {
  const { ownerUrl, stop } = await joinSurroundings(process.env);
  onStop("database", stop);
  const ran = await migrate(ownerUrl);
  console.log(ran.length === 0 ? "The database is up to date." : `Ran ${ran.join(", ")}.`);
  await stopWith(0);
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  await stopWith(1);
}
