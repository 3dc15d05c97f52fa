import type { Insertable, Selectable } from "kysely";
import type { Language } from "../base/language.ts";
import type { MessageTemplate } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { TemplateUse } from "./templates.ts";

/** A firm's own words for a use in a language, where it has any. */
export function findTemplate(
  tx: Tx,
  firmId: string,
  use: TemplateUse,
  language: Language,
): Promise<Selectable<MessageTemplate> | undefined> {
  return tx
    .selectFrom("message_template")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("use", "=", use)
    .where("language", "=", language)
    .executeTakeFirst();
}

export async function putTemplate(tx: Tx, row: Insertable<MessageTemplate>): Promise<void> {
  await tx
    .insertInto("message_template")
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(["firm_id", "use", "language"]).doUpdateSet((eb) => ({
        subject: eb.ref("excluded.subject"),
        body: eb.ref("excluded.body"),
        updated_at: eb.ref("excluded.updated_at"),
        updated_by: eb.ref("excluded.updated_by"),
      })),
    )
    .execute();
}

export async function deleteTemplate(
  tx: Tx,
  firmId: string,
  use: TemplateUse,
  language: Language,
): Promise<void> {
  await tx
    .deleteFrom("message_template")
    .where("firm_id", "=", firmId)
    .where("use", "=", use)
    .where("language", "=", language)
    .execute();
}
