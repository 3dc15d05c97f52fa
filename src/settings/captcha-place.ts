/** Where a firm's captcha secret is sealed: it opens for no other column and no other firm. */
export function captchaSecretPlace(firmId: string): string {
  return `firm_settings.captcha_secret:${firmId}`;
}
