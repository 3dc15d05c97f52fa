import { type ApiError, ATTACHMENT_FORBIDDEN, apiError, INCOMPATIBLE_JSON } from "./api-error.ts";

export type Attachment = {
  Name: string;
  Content: string;
  ContentType: string;
  ContentID: string | undefined;
};

// https://postmarkapp.com/developer/user-guide/send-email-with-api#attachments
const FORBIDDEN_EXTENSIONS = new Set(
  (
    "vbs exe bin bat chm com cpl crt hlp hta inf ins isp jse lnk mdb pcd pif reg " +
    "scr sct shs vbe vba wsf wsh wsl msc msi msp mst"
  ).split(" "),
);
const BASE64 = /^[A-Za-z0-9+/\r\n]*={0,2}\s*$/;

/** Reads the `Attachments` of a message (undefined or null: none), or says what is wrong with them. */
export function readAttachments(value: unknown): { list: Attachment[] } | ApiError {
  const list: Attachment[] = [];
  if (!Array.isArray(value ?? [])) return apiError(INCOMPATIBLE_JSON, "'Attachments' must be a list.");
  for (const item of (value ?? []) as unknown[]) {
    const attachment = readAttachment(item);
    if ("code" in attachment) return attachment;
    list.push(attachment);
  }
  return { list };
}

function readAttachment(item: unknown): Attachment | ApiError {
  const { Name, Content, ContentType, ContentID } = (item ?? {}) as Record<string, unknown>;
  if (
    typeof Name !== "string" ||
    typeof Content !== "string" ||
    typeof ContentType !== "string" ||
    Name === ""
  ) {
    return apiError(INCOMPATIBLE_JSON, "An attachment needs Name, Content and ContentType.");
  }
  if (!BASE64.test(Content)) return apiError(INCOMPATIBLE_JSON, `The content of '${Name}' is not base64.`);
  const extension = Name.slice(Name.lastIndexOf(".") + 1).toLowerCase();
  if (FORBIDDEN_EXTENSIONS.has(extension)) {
    return apiError(ATTACHMENT_FORBIDDEN, `The file type of attachment '${Name}' is not allowed.`);
  }
  return { Name, Content, ContentType, ContentID: typeof ContentID === "string" ? ContentID : undefined };
}
