import type { PayWords } from "./words-en.ts";

/** Everything that a payer reads, in Spanish as it is written in the Americas; "usted" throughout. */
export const spanish: PayWords = {
  frame: {
    secure: "Pago seguro",
    error: "Error",
    problem: "Hay un problema",
    language: "Idioma",
  },
  title: (firm) => `Pagar a ${firm}`,
  due: (firm) => `Importe a pagar a ${firm}`,
  dueOn: (day) => `Vence el ${day}`,
  forClient: (client) => `Para ${client}`,
  statement: (number) => `Estado de cuenta ${number}`,
  invoice: (number) => `Factura ${number}`,
  payment: "Pago",
  trustRequest: (number) => `Solicitud de fondos en fideicomiso ${number}`,
  issued: (day) => `Emitido el ${day}`,
  total: "Total",
  intoOperating: "Se paga a la cuenta operativa del bufete",
  intoTrust:
    "Este pago va a la cuenta fiduciaria de clientes del bufete. El dinero sigue siendo suyo hasta que se devengue.",
  paidInto: {
    operating: (firm) => `${firm}, cuenta operativa`,
    trust: (firm) =>
      `Cuenta fiduciaria de clientes de ${firm}. El dinero sigue siendo suyo hasta que se devengue.`,
  },
  failedBefore: (amount, day) =>
    `Su pago bancario de ${amount} no se completó (${day}). No se recibió, y puede volver a pagar aquí.`,
  how: {
    label: "¿Cuánto desea pagar?",
    full: "Importe total",
    other: "Otro importe",
    otherHint: "Paga los estados de cuenta en el orden indicado",
    otherLabel: "Importe que desea pagar",
    bounds: (least, most) => `Como mínimo ${least} y como máximo ${most}`,
  },
  method: {
    label: "¿Cómo desea pagar?",
    card: "Tarjeta",
    cardHint: "Visa, Mastercard, American Express, Discover",
    bank: "Cuenta bancaria",
    bankHint: "Se acredita en unos 4 días hábiles",
    onlyCard: "Usted paga con tarjeta.",
    onlyBank: "Usted paga desde una cuenta bancaria. El pago se acredita en unos 4 días hábiles.",
  },
  receipt: "Correo electrónico para el recibo",
  captcha: {
    label: "Confirme que es una persona",
    script: (how) =>
      `Esta comprobación necesita JavaScript. Actívelo en su navegador y vuelva a cargar la página, o ${how}.`,
    missing:
      "Responda a la comprobación de que es una persona antes de continuar. Si no ve ningún recuadro, vuelva a cargar la página o comuníquese con el bufete",
    spent: "La comprobación de que es una persona había caducado. Respóndala otra vez y continúe",
    refused: "La comprobación de que es una persona no dio resultado. Respóndala otra vez y continúe",
    unfit: (how) =>
      `La comprobación de que es una persona no funciona en este momento. No se le cobró nada. Por favor, ${how}.`,
    down: (how) =>
      `En este momento no se puede acceder a la comprobación de que es una persona. No se le cobró nada. Inténtelo de nuevo en unos minutos o ${how}.`,
  },
  contact: {
    firm: "comuníquese con el bufete",
    phone: (phone) => `llame al bufete al ${phone}`,
    email: (email) => `escriba al bufete a ${email}`,
  },
  fine: (firm) =>
    `Al continuar, usted autoriza a ${firm} a cobrar el importe que elija. Los datos de su tarjeta o cuenta se ingresan en la página del propio procesador de pagos.`,
  continueWith: (amount) => `Continuar para pagar ${amount}`,
  continue: "Continuar al pago",
  faults: {
    how: "Elija si desea pagar el importe total",
    method: "Elija cómo desea pagar",
    receipt: "Escriba una dirección de correo como nombre@example.com, o deje el campo vacío",
    amount: {
      empty: "Escriba el importe",
      not_a_number: "Escriba el importe en cifras, por ejemplo 1,250.00",
      too_many_decimals: "Escriba el importe con dos decimales como máximo, por ejemplo 1,250.00",
      negative: "Escriba un importe mayor que cero",
      too_large: "Escriba un importe de 999,999.99 o menos",
    },
    tooLittle: (least) => `Escriba ${least} como mínimo`,
    tooMuch: (most) => `Escriba ${most} como máximo`,
    leavesTooLittle: (whole, most) =>
      `Lo que quedaría pendiente es demasiado poco para pagarlo después. Pague el total de ${whole} o no más de ${most}`,
    superseded:
      "Este pago también se inició en otra ventana. Para pagar en esta, pulse otra vez el botón para continuar.",
  },
  trouble: {
    account: "Esta cuenta ya no recibe pagos. Pida al bufete un enlace nuevo.",
    unreachable:
      "En este momento no se puede abrir la página de pago. No se le cobró nada. Inténtelo de nuevo en un minuto.",
    stillOpen: "No se pudo cerrar la página de pago anterior. Inténtelo de nuevo en un minuto.",
    beingMade: "Su página de pago se está preparando. Inténtelo de nuevo en unos segundos.",
    refused: "Este pago no se puede recibir en línea. No se le cobró nada. Por favor, llame al bufete.",
    windows: "Este pago se inició en varias ventanas a la vez. Cierre las demás e inténtelo de nuevo.",
    notExpired: "Este enlace no ha caducado. Ábralo de nuevo.",
  },
  processing: {
    title: "Su pago bancario está en trámite",
    text: "No tiene que hacer nada más; por favor, no vuelva a pagar. Le enviaremos un correo cuando el dinero haya llegado.",
    submitted: "Enviado",
    clearing: "En trámite en su banco",
    now: "Ahora",
    clearingDetail: "Los bancos tardan hasta 4 días hábiles",
    received: "Recibido",
    receivedDetail: "Le enviamos el recibo por correo",
  },
  paid: {
    title: "Pago recibido",
    text: "Gracias. Su recibo está a continuación y también se le envía por correo electrónico. Puede imprimir esta página o guardarla como PDF.",
    receipt: "Recibo",
    date: "Fecha",
    paidWith: "Pagado con",
    card: "Tarjeta",
    bankAccount: "Cuenta bancaria",
    paidTo: "Pagado a",
    reference: "Referencia",
    subject: "Concepto",
    requested: "Solicitado",
    paidToday: "Pagado",
    stillOwed: "No pagado con este enlace",
    refunded: "Reembolsado",
    kept: "Pagado tras el reembolso",
    closed: "Este enlace está cerrado y no se puede pagar por segunda vez.",
    rest: (firm) => `Este enlace está cerrado. ${firm} puede enviarle uno nuevo por el resto.`,
    restPaid: "Este enlace está cerrado. El resto se pagó con un enlace más reciente.",
    restClearing:
      "Este enlace está cerrado. El resto se está pagando con un enlace más reciente y está en trámite en el banco.",
    payRest: "Pagar el resto",
  },
  refunded: {
    whole: "Pago reembolsado",
    wholeText: (firm) =>
      `${firm} reembolsó este pago en su totalidad. El dinero vuelve al lugar de donde salió; los bancos tardan de 5 a 10 días hábiles.`,
    part: "Pago recibido y reembolsado en parte",
    partText: (amount, firm) =>
      `${firm} reembolsó ${amount} de este pago. El dinero vuelve al lugar de donde salió; los bancos tardan de 5 a 10 días hábiles.`,
  },
  disputed: {
    open: "Pago en disputa",
    openText: (firm) =>
      `Su banco consultó a ${firm} sobre este pago y retiene el dinero hasta que decida. Si tiene preguntas, comuníquese con el bufete o con su banco.`,
    lost: "Pago devuelto",
    lostText: (firm) =>
      `Su banco retiró este pago a ${firm}. Es posible que vuelva a deberse lo que se pagó; comuníquese con el bufete.`,
    won: "Su banco revisó este pago y lo dejó como estaba.",
  },
  cancelled: {
    title: "Esta solicitud de pago fue retirada",
    text: (firm) => `${firm} la retiró. No se cobró nada.`,
    next: "Si cree que es un error o desea pagar, comuníquese con el bufete.",
  },
  expired: {
    title: "Este enlace de pago ha caducado",
    text: (day) => `Se podía usar hasta el ${day}. No se cobró nada.`,
    ask: (firm) =>
      `Pida un enlace nuevo: ${firm} comprobará lo que se debe hoy y se lo enviará a la dirección que tiene de usted.`,
    button: "Pedir un enlace nuevo",
    asked: (firm) => `Se avisó a ${firm} de que usted desea un enlace nuevo.`,
    safety: "Por su seguridad, nunca se envía un enlace nuevo a una dirección escrita aquí.",
    newer: "Hay una solicitud más reciente por lo que pedía este enlace.",
    successor: "Abrir la solicitud más reciente",
    paid: "Lo que pedía este enlace se pagó con un enlace más reciente.",
  },
  changed: {
    title: "Esta solicitud ha cambiado",
    text: (firm) =>
      `Lo que ${firm} pide aquí ya no es lo que se debe. No se cobró nada. Se avisó a ${firm}; comuníquese con el bufete para conocer el importe actual.`,
  },
  confirming: {
    title: "Estamos confirmando su pago",
    text: "Suele tardar unos segundos. Por favor, no vuelva a pagar.",
    again: "Comprobar de nuevo",
    notPaid: "¿No terminó de pagar?",
    back: "Volver a la solicitud de pago",
  },
  broken: {
    title: "Este enlace no funciona",
    text: "Use el enlace del mensaje más reciente del bufete de abogados. Si tampoco funciona, llame al bufete.",
  },
  problem: {
    tooMany: {
      title: "Demasiados intentos",
      text: (seconds) =>
        seconds === 1
          ? "Espere un segundo e inténtelo de nuevo."
          : `Espere ${seconds} segundos e inténtelo de nuevo.`,
    },
    foreign: {
      title: "Este formulario no viene de nuestra página",
      text: "Abra de nuevo el enlace de pago y repita lo que hizo. No se le cobró nada.",
    },
    form: {
      title: "No se puede leer este formulario",
      text: "Abra de nuevo el enlace de pago y repita lo que hizo. No se le cobró nada.",
    },
    changed: { title: "Algo cambió mientras tanto" },
    unknown: {
      title: "Algo salió mal",
      text: "Por esto no se le cobró nada. Inténtelo de nuevo en un minuto; si vuelve a ocurrir, indique la referencia al bufete.",
      reference: (reference) => `Referencia: ${reference}`,
    },
    back: "Abrir la solicitud de pago",
  },
  footer: {
    questions: "¿Preguntas sobre esta solicitud? ",
    call: "Llame al ",
    or: " o escriba a ",
    write: "Escriba a ",
  },
};
