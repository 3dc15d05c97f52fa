import type { LetterWords } from "./words-en.ts";

export const spanish: LetterWords = {
  dear: (name) => `Estimado/a ${name}:`,
  via: (firm) => `${firm} vía Send for Payment`,
  amountDue: "Importe por pagar",
  amountDueInto: {
    operating: "Importe por pagar, a nuestra cuenta operativa",
    trust: "Importe por pagar, a nuestra cuenta fiduciaria de clientes",
  },
  due: (day) => `Vence el ${day}`,
  statement: (number) => `Estado de cuenta ${number}`,
  trustRequest: (number) => `Solicitud de fondos fiduciarios ${number}`,
  invoice: (number) => `Factura ${number}`,
  issued: (day) => `Emitido el ${day}`,
  payment: "Pago",
  total: "Total",
  whatFor: "Concepto de este pago",
  pay: "Revisar y pagar",
  payAmount: (amount) => `Revisar y pagar ${amount}`,
  buttonFails: "Si el botón no funciona, copie esta dirección en su navegador:",
  twoAccounts:
    "Son dos pagos porque van a dos cuentas nuestras distintas. Por favor, haga cada uno con su propio botón.",
  expires: (day) => `El enlace admite un solo pago y caduca el ${day}.`,
  expireBoth: (day) => `Cada enlace admite un solo pago; caducan el ${day}.`,
  trust: "Este pago va a nuestra cuenta fiduciaria de clientes, donde se guarda para usted.",
  unsure:
    "¿No está seguro de que el mensaje sea nuestro? Antes de pagar, llame al número de nuestra oficina que usted ya tiene.",
  sentBy: (name) => `Enviado por ${name}`,
  replies: (address) => `las respuestas llegan a ${address}`,
  received: "Pago recibido",
  underWay: "Pago bancario en curso",
  notCompleted: "Pago bancario no completado",
  refunded: "Importe reembolsado",
  seeReceipt: "Ver su recibo",
  seePayment: "Ver su pago",
  payAgain: "Pagar de nuevo",
  reference: (reference) => `referencia ${reference}`,
  tryAgain: "Por favor, pague de nuevo, con tarjeta o desde otra cuenta.",
  askFirst: "Por favor, escríbanos o llámenos antes de pagar de nuevo.",
  refund: {
    subject: (firm) => `Su reembolso de ${firm}`,
    body: (firm, amount, day) =>
      `${firm} reembolsó ${amount} de su pago del ${day}. El dinero vuelve a la tarjeta o la cuenta con la que pagó. Los bancos tardan unos días hábiles en mostrarlo.`,
  },
};
