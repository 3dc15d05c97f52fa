import pg from "pg";
import { startEmbedded } from "../../src/db/embedded.ts";

// A process that starts the embedded database in the folder it is given, says where it is, and ends it when it is told to.
const [folder = ""] = process.argv.slice(2);
const database = await startEmbedded({ folder, flags: ["fsync=off"] });

process.once("SIGINT", async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query("select 'still there' as words");
  await client.end();
  await database.stop();
  console.log(JSON.stringify(rows[0]));
});

console.log(JSON.stringify({ ownerUrl: database.ownerUrl, wasRunning: database.wasRunning }));
