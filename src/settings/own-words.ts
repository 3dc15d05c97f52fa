import type { Language } from "../base/language.ts";
import type { Template, TemplateUse } from "./templates.ts";

type Words = Readonly<Record<TemplateUse, Template>>;

/** Paragraphs of one text, an empty line between them. */
function paragraphs(...parts: readonly string[]): string {
  return parts.join("\n\n");
}

const english: Words = {
  request: {
    subject: "Payment request from {firm}",
    body: "Thank you for trusting {firm}. Your payment is due on {due date}. You can pay online in a minute; no account or password is needed.",
  },
  reminder_before: {
    subject: "A reminder from {firm}",
    body: "This is a friendly reminder that your payment of {amount} to {firm} is due on {due date}. You can pay online in a minute; no account or password is needed.",
  },
  reminder_after: {
    subject: "Your payment to {firm} is still open",
    body: paragraphs(
      "We have not received your payment of {amount}, which was due on {due date}. You can pay online in a minute; no account or password is needed.",
      "If you have paid in the last days, thank you: there is nothing more for you to do.",
    ),
  },
  receipt: {
    subject: "Receipt for your payment to {firm}",
    body: "Thank you. We received your payment of {amount}. Keep this email as your receipt.",
  },
  on_its_way: {
    subject: "Your payment is on its way to {firm}",
    body: "Thank you. Your bank payment of {amount} is on its way. Banks take a few business days; we write again when it has arrived. There is nothing more for you to do.",
  },
  bank_failed: {
    subject: "Your bank payment did not reach {firm}",
    body: "Your bank did not complete your payment of {amount}, so nothing was received.",
  },
};

const spanish: Words = {
  request: {
    subject: "Solicitud de pago de {firm}",
    body: "Gracias por confiar en {firm}. Su pago vence el {due date}. Puede pagar en línea en un minuto; no necesita cuenta ni contraseña.",
  },
  reminder_before: {
    subject: "Un recordatorio de {firm}",
    body: "Le recordamos que su pago de {amount} a {firm} vence el {due date}. Puede pagar en línea en un minuto; no necesita cuenta ni contraseña.",
  },
  reminder_after: {
    subject: "Su pago a {firm} sigue pendiente",
    body: paragraphs(
      "No hemos recibido su pago de {amount}, que vencía el {due date}. Puede pagar en línea en un minuto; no necesita cuenta ni contraseña.",
      "Si pagó en los últimos días, gracias: no tiene que hacer nada más.",
    ),
  },
  receipt: {
    subject: "Recibo de su pago a {firm}",
    body: "Gracias. Recibimos su pago de {amount}. Conserve este correo como recibo.",
  },
  on_its_way: {
    subject: "Su pago a {firm} está en camino",
    body: "Gracias. Su pago bancario de {amount} está en camino. Los bancos tardan unos días hábiles; le escribiremos de nuevo cuando haya llegado. No tiene que hacer nada más.",
  },
  bank_failed: {
    subject: "Su pago bancario no llegó a {firm}",
    body: "Su banco no completó su pago de {amount}, por lo que no se recibió nada.",
  },
};

const french: Words = {
  request: {
    subject: "Demande de paiement de {firm}",
    body: "Merci de la confiance que vous accordez à {firm}. Votre paiement est dû le {due date}. Vous pouvez payer en ligne en une minute ; aucun compte ni mot de passe n’est nécessaire.",
  },
  reminder_before: {
    subject: "Un rappel de {firm}",
    body: "Nous vous rappelons que votre paiement de {amount} à {firm} est dû le {due date}. Vous pouvez payer en ligne en une minute ; aucun compte ni mot de passe n’est nécessaire.",
  },
  reminder_after: {
    subject: "Votre paiement à {firm} est toujours attendu",
    body: paragraphs(
      "Nous n’avons pas reçu votre paiement de {amount}, qui était dû le {due date}. Vous pouvez payer en ligne en une minute ; aucun compte ni mot de passe n’est nécessaire.",
      "Si vous avez payé ces derniers jours, merci : vous n’avez plus rien à faire.",
    ),
  },
  receipt: {
    subject: "Reçu de votre paiement à {firm}",
    body: "Merci. Nous avons reçu votre paiement de {amount}. Conservez ce courriel comme reçu.",
  },
  on_its_way: {
    subject: "Votre paiement à {firm} est en route",
    body: "Merci. Votre paiement bancaire de {amount} est en route. Les banques mettent quelques jours ouvrables ; nous vous écrirons de nouveau à son arrivée. Vous n’avez plus rien à faire.",
  },
  bank_failed: {
    subject: "Votre paiement bancaire n’est pas parvenu à {firm}",
    body: "Votre banque n’a pas effectué votre paiement de {amount} ; rien n’a été reçu.",
  },
};

/** The product's own words for each letter; they stand until a firm writes its own. The greeting is the letter's. */
export const OWN_WORDS: Readonly<Record<Language, Words>> = { en: english, es: spanish, fr: french };
