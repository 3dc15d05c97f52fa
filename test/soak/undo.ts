import { control, openStripe } from "../flows/doors.ts";
import type { Stage } from "../flows/stage.ts";
import type { Seeded } from "./seeded.ts";

/** What a payer, their bank or somebody at the processor's own screens does to a payment that has arrived. */
const WAYS = ["refund, whole", "refund, part", "dispute opened"] as const;
const ENDS = ["won", "lost"] as const;

type Arrived = { intent: string; account: string; minor: bigint };

/** Takes some payments back, each once. `end` also decides the disputes that are open. Gives what was done, by name. */
export async function undoSome(
  stage: Stage,
  chance: Seeded,
  wish: { undone: Set<string>; open: Set<string>; count: number },
): Promise<string[]> {
  const done: string[] = [];
  for (const intent of [...wish.open]) {
    const outcome = chance.pick(ENDS);
    wish.open.delete(intent);
    await control(stage.service, "dispute/close", { payment_intent: intent, outcome });
    done.push(`dispute ${outcome}`);
  }
  const arrived = (await listArrived(stage)).filter(({ intent }) => !wish.undone.has(intent));
  for (let index = 0; index < wish.count && arrived.length > 0; index += 1) {
    const [payment] = arrived.splice(chance.whole(0, arrived.length - 1), 1);
    if (!payment) break;
    const way = chance.pick(WAYS);
    wish.undone.add(payment.intent);
    await undo(stage, way, payment);
    if (way === "dispute opened") wish.open.add(payment.intent);
    done.push(way);
  }
  return done;
}

async function undo(stage: Stage, way: (typeof WAYS)[number], payment: Arrived): Promise<void> {
  if (way === "dispute opened")
    return await control(stage.service, "dispute", { payment_intent: payment.intent });
  const stripe = await openStripe(stage.service);
  const amount = Number(way === "refund, whole" ? payment.minor : payment.minor / 3n);
  await stripe.refunds.create(
    { payment_intent: payment.intent, amount },
    { stripeAccount: payment.account, idempotencyKey: `storm-${payment.intent}`, maxNetworkRetries: 5 },
  );
}

/** Card payments of one line each: what comes back of them says by itself which line it is for. */
async function listArrived({ books }: Stage): Promise<Arrived[]> {
  return await books.read<Arrived>(
    `select y.payment_intent_id as intent, y.processor_account as account, y.amount_minor as minor from payment y
     where y.state = 'succeeded' and y.account_kind = 'operating' and y.method = 'card' and not y.is_surplus
       and (select count(*) from payment_allocation a where a.firm_id = y.firm_id and a.payment_id = y.id) = 1
     order by y.payment_intent_id`,
  );
}
