import { badParameter } from "./api/problems.ts";
import type { LineItem, Metadata } from "./resources.ts";
import { newId } from "./store/identifiers.ts";

type LineItemInput = {
  price_data: {
    currency: string;
    unit_amount: number;
    product_data: { name: string; description?: string | undefined; metadata?: Metadata | undefined };
  };
  quantity: number;
  metadata?: Metadata | undefined;
};

/** The line items of a session, each with the price made for it; all must be in one currency. */
export function lineItems(inputs: LineItemInput[]): LineItem[] {
  const [first] = inputs;
  if (first === undefined)
    throw badParameter("line_items", "line_items must not be empty.", "parameter_missing");
  const currency = first.price_data.currency.toLowerCase();
  if (!/^[a-z]{3}$/.test(currency)) {
    throw badParameter("line_items[0][price_data][currency]", `Invalid currency: ${currency}.`);
  }
  if (inputs.some(({ price_data }) => price_data.currency.toLowerCase() !== currency)) {
    throw badParameter("line_items", "All line items must have the same currency.");
  }
  return inputs.map((input) => lineItem(input, currency));
}

function lineItem({ price_data, quantity, metadata }: LineItemInput, currency: string): LineItem {
  const total = price_data.unit_amount * quantity;
  return {
    id: newId("li"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency,
    description: price_data.product_data.name,
    metadata: metadata ?? {},
    price: {
      id: newId("price"),
      object: "price",
      active: false,
      billing_scheme: "per_unit",
      currency,
      custom_unit_amount: null,
      livemode: false,
      lookup_key: null,
      metadata: {},
      nickname: null,
      product: newId("prod"),
      recurring: null,
      tax_behavior: "unspecified",
      tiers_mode: null,
      transform_quantity: null,
      type: "one_time",
      unit_amount: price_data.unit_amount,
      unit_amount_decimal: String(price_data.unit_amount),
    },
    quantity,
  };
}
