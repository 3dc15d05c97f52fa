/** The four tones of tags, notices and marks. They support the words and can be removed; none is neutral. */
export type Tone = "info" | "good" | "warn" | "bad";
