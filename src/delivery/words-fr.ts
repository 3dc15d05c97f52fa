import type { LetterWords } from "./words-en.ts";

export const french: LetterWords = {
  dear: (name) => `Bonjour ${name},`,
  via: (firm) => `${firm} via Send for Payment`,
  amountDue: "Montant à payer",
  amountDueInto: {
    operating: "Montant à payer, sur notre compte d’exploitation",
    trust: "Montant à payer, sur notre compte en fidéicommis",
  },
  due: (day) => `À payer au plus tard le ${day}`,
  statement: (number) => `Relevé ${number}`,
  trustRequest: (number) => `Demande de provision en fidéicommis ${number}`,
  invoice: (number) => `Facture ${number}`,
  issued: (day) => `Émis le ${day}`,
  payment: "Paiement",
  total: "Total",
  whatFor: "Objet de ce paiement",
  pay: "Vérifier et payer",
  payAmount: (amount) => `Vérifier et payer ${amount}`,
  buttonFails: "Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur :",
  twoAccounts:
    "Il y a deux paiements, car ils vont sur deux comptes différents. Veuillez effectuer chacun avec son propre bouton.",
  expires: (day) => `Le lien sert à un seul paiement et expire le ${day}.`,
  expireBoth: (day) => `Chaque lien sert à un seul paiement ; ils expirent le ${day}.`,
  trust: "Ce paiement est versé sur notre compte en fidéicommis, où il est conservé pour vous.",
  unsure:
    "Vous n’êtes pas certain que ce message vient de nous ? Avant de payer, appelez notre cabinet au numéro que vous avez déjà.",
  sentBy: (name) => `Envoyé par ${name}`,
  replies: (address) => `les réponses parviennent à ${address}`,
  received: "Paiement reçu",
  underWay: "Paiement bancaire en cours",
  notCompleted: "Paiement bancaire non abouti",
  refunded: "Montant remboursé",
  seeReceipt: "Voir votre reçu",
  seePayment: "Voir votre paiement",
  payAgain: "Payer à nouveau",
  reference: (reference) => `référence ${reference}`,
  tryAgain: "Veuillez payer à nouveau, par carte ou depuis un autre compte.",
  askFirst: "Veuillez nous écrire ou nous appeler avant de payer à nouveau.",
  refund: {
    subject: (firm) => `Votre remboursement de ${firm}`,
    body: (firm, amount, day) =>
      `${firm} vous a remboursé ${amount} sur votre paiement du ${day}. La somme revient sur la carte ou le compte qui a servi à payer. Les banques mettent quelques jours ouvrables à l’afficher.`,
  },
};
