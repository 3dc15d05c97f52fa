/** Who makes the captcha that a firm switched on. */
export type CaptchaMaker = "recaptcha" | "turnstile" | "hcaptcha";

/** What a page needs to show a maker's box. */
export type Widget = {
  scriptUrl: string;
  /** The class of the element in whose place the maker's script puts its box. */
  className: string;
  /** The maker's own attributes of that element. */
  attributes: Readonly<Record<string, string>>;
  /** The form's field in which the browser sends the token. */
  field: string;
  /** What the page's content security policy must let through, by directive. */
  sources: Readonly<Record<"script" | "frame" | "style" | "connect", readonly string[]>>;
};

export type Question = {
  maker: CaptchaMaker;
  siteKey: string;
  secret: string;
  /** From the form; "" when the browser sent none. */
  token: string;
};

export type Verdict =
  | { verdict: "person" }
  /** The visitor's matter: `missing` and `spent` (used or too old) go away with another try, `refused` mostly does. */
  | { verdict: "not_proven"; reason: "missing" | "spent" | "refused" }
  /** The firm's matter: with these keys nobody can pass. */
  | { verdict: "unfit"; reason: KeyTrouble }
  /** The maker did not answer, or not in words that can be read. */
  | { verdict: "down"; reason: string };

/** The secret is not the maker's, belongs to another site key, or the pair is the maker's public one for tests. */
export type KeyTrouble = "secret" | "keys_differ" | "test_keys";

/** The way to the makers of captchas. Never throws for what a maker answers. */
export type Captcha = {
  /** `language` is the page's, as a code such as `fr`. */
  widget: (maker: CaptchaMaker, siteKey: string, language: string) => Widget;
  /** Asks the maker whether a token was given to a person on our own page. A token is good for one question. */
  verify: (question: Question) => Promise<Verdict>;
};
