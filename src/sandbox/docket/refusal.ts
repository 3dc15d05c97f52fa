/** An answer other than success, with the code of the public interface and a sentence for a person. */
export class Refusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 422;
  readonly code: string;

  constructor(status: 400 | 401 | 403 | 404 | 422, code: string, message: string) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
  }
}
