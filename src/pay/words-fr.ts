import type { PayWords } from "./words-en.ts";

/** Everything that a payer reads, in French as it is written in Canada; "vous" throughout. */
export const french: PayWords = {
  frame: {
    secure: "Paiement sécurisé",
    error: "Erreur",
    problem: "Un problème est survenu",
    language: "Langue",
  },
  title: (firm) => `Payer ${firm}`,
  due: (firm) => `Montant dû à ${firm}`,
  dueOn: (day) => `À payer au plus tard le ${day}`,
  forClient: (client) => `Pour ${client}`,
  statement: (number) => `Relevé ${number}`,
  invoice: (number) => `Facture ${number}`,
  payment: "Paiement",
  trustRequest: (number) => `Demande de provision en fidéicommis ${number}`,
  issued: (day) => `Émis le ${day}`,
  total: "Total",
  intoOperating: "Versé au compte général du cabinet",
  intoTrust:
    "Ce paiement est versé au compte en fidéicommis du cabinet. L’argent vous appartient jusqu’à ce qu’il soit gagné par le cabinet.",
  paidInto: {
    operating: (firm) => `${firm}, compte général`,
    trust: (firm) =>
      `Compte en fidéicommis de ${firm}. L’argent vous appartient jusqu’à ce qu’il soit gagné par le cabinet.`,
  },
  failedBefore: (amount, day) =>
    `Votre paiement bancaire de ${amount} n’a pas abouti (${day}). Il n’a pas été reçu, et vous pouvez payer de nouveau ici.`,
  how: {
    label: "Combien souhaitez-vous payer?",
    full: "Montant total",
    other: "Un autre montant",
    otherHint: "Règle les relevés dans l’ordre affiché",
    otherLabel: "Montant à payer",
    bounds: (least, most) => `Au moins ${least} et au plus ${most}`,
  },
  method: {
    label: "Comment souhaitez-vous payer?",
    card: "Carte",
    cardHint: "Visa, Mastercard, American Express, Discover",
    bank: "Compte bancaire",
    bankHint: "Compensé en 4 jours ouvrables environ",
    onlyCard: "Vous payez par carte.",
    onlyBank:
      "Vous payez à partir d’un compte bancaire. Le paiement est compensé en 4 jours ouvrables environ.",
  },
  receipt: "Adresse courriel pour le reçu",
  captcha: {
    label: "Confirmez que vous êtes une personne",
    script: (how) =>
      `Cette vérification nécessite JavaScript. Activez-le dans votre navigateur et rechargez la page, ou ${how}.`,
    missing:
      "Répondez à la vérification que vous êtes une personne avant de continuer. Si aucune case ne s’affiche, rechargez la page ou communiquez avec le cabinet",
    spent:
      "La vérification que vous êtes une personne avait expiré. Répondez-y encore une fois, puis continuez",
    refused:
      "La vérification que vous êtes une personne n’a pas réussi. Répondez-y encore une fois, puis continuez",
    unfit: (how) =>
      `La vérification que vous êtes une personne ne fonctionne pas pour le moment. Rien n’a été débité. Veuillez procéder autrement\u00a0: ${how}.`,
    down: (how) =>
      `La vérification que vous êtes une personne est injoignable pour le moment. Rien n’a été débité. Réessayez dans quelques minutes, ou ${how}.`,
  },
  contact: {
    firm: "communiquez avec le cabinet",
    phone: (phone) => `appelez le cabinet au ${phone}`,
    email: (email) => `écrivez au cabinet à ${email}`,
  },
  fine: (firm) =>
    `En continuant, vous autorisez ${firm} à débiter le montant que vous choisissez. Vous saisissez les données de votre carte ou de votre compte sur la page du prestataire de paiement lui-même.`,
  continueWith: (amount) => `Continuer pour payer ${amount}`,
  continue: "Continuer vers le paiement",
  faults: {
    how: "Indiquez si vous souhaitez payer le montant total",
    method: "Indiquez comment vous souhaitez payer",
    receipt: "Saisissez une adresse comme nom@example.com, ou laissez le champ vide",
    amount: {
      empty: "Saisissez le montant",
      not_a_number: "Saisissez le montant en chiffres, par exemple 1\u00a0250,00",
      too_many_decimals: "Saisissez le montant avec deux décimales au plus, par exemple 1\u00a0250,00",
      negative: "Saisissez un montant supérieur à zéro",
      too_large: "Saisissez un montant de 999\u00a0999,99 ou moins",
    },
    tooLittle: (least) => `Saisissez au moins ${least}`,
    tooMuch: (most) => `Saisissez au plus ${most}`,
    leavesTooLittle: (whole, most) =>
      `Ce qui resterait est trop petit pour être payé plus tard. Payez le total de ${whole}, ou au plus ${most}`,
    superseded:
      "Ce paiement a aussi été commencé dans une autre fenêtre. Pour payer dans celle-ci, appuyez encore une fois sur le bouton pour continuer.",
  },
  trouble: {
    account: "Ce compte ne reçoit plus de paiements. Veuillez demander un nouveau lien au cabinet.",
    unreachable:
      "La page de paiement est injoignable pour le moment. Rien n’a été débité. Réessayez dans une minute.",
    stillOpen: "La page de paiement précédente n’a pas pu être fermée. Réessayez dans une minute.",
    beingMade: "Votre page de paiement est en préparation. Réessayez dans quelques secondes.",
    refused: "Ce paiement ne peut pas être reçu en ligne. Rien n’a été débité. Veuillez appeler le cabinet.",
    windows:
      "Ce paiement a été commencé dans plusieurs fenêtres à la fois. Fermez les autres, puis réessayez.",
    notExpired: "Ce lien n’a pas expiré. Ouvrez-le de nouveau.",
  },
  processing: {
    title: "Votre paiement bancaire est en cours",
    text: "Vous n’avez plus rien à faire; veuillez ne pas payer une seconde fois. Nous vous écrirons quand l’argent sera arrivé.",
    submitted: "Envoyé",
    clearing: "En cours de compensation à votre banque",
    now: "Maintenant",
    clearingDetail: "Les banques prennent jusqu’à 4 jours ouvrables",
    received: "Reçu",
    receivedDetail: "Nous vous envoyons le reçu par courriel",
  },
  paid: {
    title: "Paiement reçu",
    text: "Merci. Votre reçu figure ci-dessous et vous est aussi envoyé par courriel. Vous pouvez imprimer cette page ou l’enregistrer en PDF.",
    receipt: "Reçu",
    date: "Date",
    paidWith: "Payé avec",
    card: "Carte",
    bankAccount: "Compte bancaire",
    paidTo: "Versé à",
    reference: "Référence",
    subject: "Objet",
    requested: "Demandé",
    paidToday: "Payé",
    stillOwed: "Non payé avec ce lien",
    refunded: "Remboursé",
    kept: "Payé après le remboursement",
    closed: "Ce lien est maintenant fermé et ne peut pas être payé une seconde fois.",
    rest: (firm) => `Ce lien est maintenant fermé. ${firm} peut vous en envoyer un nouveau pour le reste.`,
    restPaid: "Ce lien est maintenant fermé. Le reste a été payé avec un lien plus récent.",
    restClearing:
      "Ce lien est maintenant fermé. Le reste est payé avec un lien plus récent et en cours de compensation à la banque.",
    payRest: "Payer le reste",
  },
  refunded: {
    whole: "Paiement remboursé",
    wholeText: (firm) =>
      `${firm} a remboursé ce paiement en entier. L’argent retourne d’où il est venu; les banques prennent de 5 à 10 jours ouvrables.`,
    part: "Paiement reçu, remboursé en partie",
    partText: (amount, firm) =>
      `${firm} a remboursé ${amount} de ce paiement. L’argent retourne d’où il est venu; les banques prennent de 5 à 10 jours ouvrables.`,
  },
  disputed: {
    open: "Paiement contesté",
    openText: (firm) =>
      `Votre banque a interrogé ${firm} au sujet de ce paiement et retient l’argent jusqu’à sa décision. Pour toute question, communiquez avec le cabinet ou avec votre banque.`,
    lost: "Paiement retourné",
    lostText: (firm) =>
      `Votre banque a repris ce paiement à ${firm}. Ce qu’il réglait peut être dû de nouveau; communiquez avec le cabinet.`,
    won: "Votre banque a examiné ce paiement et l’a laissé tel quel.",
  },
  cancelled: {
    title: "Cette demande de paiement a été retirée",
    text: (firm) => `${firm} l’a retirée. Rien n’a été débité.`,
    next: "Si vous pensez qu’il s’agit d’une erreur ou souhaitez payer, communiquez avec le cabinet.",
  },
  expired: {
    title: "Ce lien de paiement a expiré",
    text: (day) => `Il pouvait être utilisé jusqu’au ${day}. Rien n’a été débité.`,
    ask: (firm) =>
      `Demandez un nouveau lien\u00a0: ${firm} vérifiera ce qui est dû aujourd’hui et vous l’enverra à l’adresse inscrite à votre dossier.`,
    button: "Demander un nouveau lien",
    asked: (firm) => `Nous avons avisé ${firm} que vous souhaitez un nouveau lien.`,
    safety: "Pour votre sécurité, un nouveau lien n’est jamais envoyé à une adresse saisie ici.",
    newer: "Il existe une demande plus récente pour ce que ce lien demandait.",
    successor: "Ouvrir la demande plus récente",
    paid: "Ce que ce lien demandait a été payé avec un lien plus récent.",
  },
  changed: {
    title: "Cette demande a changé",
    text: (firm) =>
      `Ce que ${firm} demande ici n’est plus ce qui est dû. Rien n’a été débité. Nous en avons avisé ${firm}; communiquez avec le cabinet pour connaître le montant actuel.`,
  },
  confirming: {
    title: "Nous confirmons votre paiement",
    text: "Cela prend habituellement quelques secondes. Veuillez ne pas payer une seconde fois.",
    again: "Vérifier de nouveau",
    notPaid: "Vous n’avez pas terminé le paiement?",
    back: "Retourner à la demande de paiement",
  },
  broken: {
    title: "Ce lien ne fonctionne pas",
    text: "Utilisez le lien du message le plus récent du cabinet d’avocats. S’il ne fonctionne pas non plus, appelez le cabinet.",
  },
  problem: {
    tooMany: {
      title: "Trop de tentatives",
      text: (seconds) =>
        seconds === 1
          ? "Patientez une seconde, puis réessayez."
          : `Patientez ${seconds} secondes, puis réessayez.`,
    },
    foreign: {
      title: "Ce formulaire ne vient pas de notre page",
      text: "Ouvrez de nouveau le lien de paiement et refaites ce que vous avez fait. Rien n’a été débité.",
    },
    form: {
      title: "Ce formulaire ne peut pas être lu",
      text: "Ouvrez de nouveau le lien de paiement et refaites ce que vous avez fait. Rien n’a été débité.",
    },
    changed: { title: "Quelque chose a changé entre-temps" },
    unknown: {
      title: "Un incident s’est produit",
      text: "Rien n’a été débité pour autant. Réessayez dans une minute; si cela se reproduit, indiquez la référence au cabinet.",
      reference: (reference) => `Référence\u00a0: ${reference}`,
    },
    back: "Ouvrir la demande de paiement",
  },
  footer: {
    questions: "Des questions sur cette demande? ",
    call: "Appelez le ",
    or: " ou écrivez à ",
    write: "Écrivez à ",
  },
};
