import { describe, expect, it } from "vitest";
import { makeApp } from "../../src/app.tsx";
import { changeLogo } from "../../src/settings/change-logo.ts";
import { logoPath } from "../../src/settings/logo.ts";
import { findLogo } from "../../src/settings/logo-queries.ts";
import { getSettings } from "../../src/settings/queries.ts";
import { removeLogo } from "../../src/settings/remove-logo.ts";
import { fieldsOf } from "../links/form.ts";
import { cookieFor } from "../support/requests.ts";
import { png, svg } from "./pictures.ts";
import { useSettingsStage } from "./stage.ts";

const { stage, read, record } = useSettingsStage();
const PATH = "/settings/page";

const stored = () => read((tx) => getSettings(tx, stage.firm.firmId));
const logo = () => read((tx) => findLogo(tx, stage.firm.firmId));
const fields = async () => fieldsOf((await stage.browser.get(PATH)).document.toString(), PATH);

/** Sends the form as a browser does, with a file or without. */
async function post(change: Record<string, string>, file?: Uint8Array<ArrayBuffer>, path = PATH) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...(await fields()), ...change })) {
    if (name !== "logo") form.set(name, String(value));
  }
  form.set("logo", new File(file ? [file] : [], file ? "logo.png" : ""));
  const headers = { Cookie: await cookieFor(stage.admin), "Sec-Fetch-Site": "same-origin" };
  const answer = await makeApp(stage.cx).request(path, { method: "POST", headers, body: form });
  return { status: answer.status, html: await answer.text(), headers: answer.headers };
}

describe("the payment page's settings", () => {
  it("are saved together with the logo, and recorded", async () => {
    const answer = await post(
      { colour: "#ABC", phone: "+1 (312) 555-0199", disclaimer: "One.\r\nTwo.", replyTo: "pay@firm.example" },
      png(240, 80),
    );
    // #aabbcc is too light for white text.
    expect(answer.status).toBe(422);
    expect(answer.html).toContain("The nearest darker color that can be read is #");
    expect(await logo()).toBeUndefined();
    const saved = await post(
      {
        colour: "1F4A40",
        phone: "+1 (312) 555-0199",
        disclaimer: "One.\r\nTwo.",
        replyTo: "pay@firm.example",
      },
      png(240, 80),
    );
    expect(saved.status).toBe(303);
    expect(await stored()).toMatchObject({
      brand_color: "#1f4a40",
      phone: "+1 (312) 555-0199",
      disclaimer: "One.\nTwo.",
      reply_to: "pay@firm.example",
    });
    expect(await logo()).toMatchObject({ media_type: "image/png", width: 240, height: 80 });
    const [section, picture] = (await record()).slice(-2);
    expect(section).toMatchObject({
      action: "settings.payment_page_changed",
      before: { phone: "(312) 555-0142", disclaimer: "", replyTo: "" },
      after: { phone: "+1 (312) 555-0199", disclaimer: "One.\nTwo.", replyTo: "pay@firm.example" },
    });
    expect(picture).toMatchObject({
      action: "settings.logo_changed",
      after: { logo: "image/png", size: "240 × 80" },
    });
    expect((await stage.browser.get(PATH)).text).toContain("Last changed");
  });

  it.each([
    [{ colour: "green" }, "colour", "Enter a color like #1f4a40"],
    [{ colour: "#ffff00" }, "colour", "has a contrast of 1.0 to 1, and 4.5 is needed"],
    [{ address: "x".repeat(501) }, "address", "The address has 501 characters. Shorten it to 500"],
    [{ phone: "call me" }, "phone", "Enter a phone number like (312) 555-0142"],
    [{ contact: "billing" }, "contact", "Enter an email address like billing@firm.com"],
    [{ replyTo: "a@b" }, "replyTo", "Enter an email address like billing@firm.com"],
    [
      { disclaimer: "x".repeat(2001) },
      "disclaimer",
      "The disclaimer has 2,001 characters. Shorten it to 2,000",
    ],
    [{ disclaimer: "a\u0001" }, "disclaimer", "holds characters that cannot be shown"],
  ])("refuse %.60j beside its box", async (change, box, words) => {
    const before = await stored();
    const answer = await post(change as Record<string, string>);
    expect(answer.status).toBe(422);
    expect(answer.html).toContain(`id="${box}-error"`);
    expect(answer.html).toContain(words);
    expect(await stored()).toEqual(before);
  });

  it("refuse a logo beside its box and save nothing else with it", async () => {
    const before = await stored();
    const answer = await post({ disclaimer: "New" }, svg("<script/>"));
    expect(answer.status).toBe(422);
    expect(answer.html).toContain('id="logo-error"');
    expect(answer.html).toContain("This SVG holds a script.");
    expect((await post({}, new Uint8Array(1_500_000))).html).toContain("larger than 1 MB");
    expect(await stored()).toEqual(before);
    const huge = await post({}, new Uint8Array(5_000_000));
    expect(huge.status).toBe(422);
    expect(huge.html).toContain("The logo is larger than 1 MB.");
  });

  it("show what somebody else saved meanwhile beside what was written", async () => {
    const mine = await fields();
    await post({ phone: "(312) 555-0111" });
    const answer = await stage.browser.post(PATH, { ...mine, phone: "(312) 555-0122" });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain("PhoneSaved meanwhile: (312) 555-0111 You wrote: (312) 555-0122");
    expect((await stored()).phone).toBe("(312) 555-0111");
  });

  it("can be looked at before they are saved", async () => {
    const answer = await post(
      { colour: "#7a1f1f", disclaimer: "Not saved yet" },
      undefined,
      `${PATH}/preview`,
    );
    expect(answer.status).toBe(200);
    expect(answer.html).toContain("--brand:#7a1f1f");
    expect(answer.html).toContain("Not saved yet");
    expect(answer.html).toContain("This is a preview");
    expect((await stored()).brand_color).toBe("#1f4a40");
  });
});

describe("a logo", () => {
  it("is there for everybody at an address of its own, inert and for ever", async () => {
    const hash = await changeLogo(stage.admin, { bytes: svg("<path/>") });
    const answer = await makeApp(stage.cx).request(logoPath(stage.firm.slug, hash));
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "image/svg+xml",
      "cache-control": "public, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "cross-origin",
    });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(svg("<path/>"));
  });

  it("is not found under another hash, another firm or something that is no hash", async () => {
    const hash = (await logo())?.hash ?? "";
    for (const path of [
      logoPath(stage.firm.slug, "0".repeat(32)),
      logoPath(stage.other.slug, hash),
      logoPath("nobody", hash),
      logoPath(stage.firm.slug, "../x"),
      `/logo/${stage.firm.slug}/x`,
    ])
      expect((await makeApp(stage.cx).request(path)).status, path).toBe(404);
  });

  it("is put and taken away once, by administrators only", async () => {
    const before = (await record()).length;
    await changeLogo(stage.admin, { bytes: svg("<path/>") });
    expect((await record()).length).toBe(before);
    for (const member of [stage.staff, stage.bookkeeper]) {
      await expect(changeLogo(member, { bytes: png(20, 20) })).rejects.toMatchObject({ code: "forbidden" });
      await expect(removeLogo(member)).rejects.toMatchObject({ code: "forbidden" });
    }
    await changeLogo(stage.stranger, { bytes: png(20, 20) });
    expect(await logo()).toMatchObject({ media_type: "image/svg+xml" });
    const answer = await post({ removeLogo: "on" });
    expect(answer.status).toBe(303);
    await removeLogo(stage.admin);
    expect(await logo()).toBeUndefined();
    expect((await record()).filter((event) => event.action === "settings.logo_removed")).toHaveLength(1);
  });
});
