import Stripe from "stripe";

/**
 * The library's client over `fetch`, the same on Node and on Workers. A body that is JSON but no object (a word, a number) makes the
 * library throw where nobody catches: the call would never end and the process would. Here it counts as a body that cannot be read.
 */
export function openHttp(): Stripe.HttpClient {
  const inner: Stripe.HttpClient = Stripe.createFetchHttpClient();
  return {
    getClientName: () => inner.getClientName(),
    async makeRequest(...request) {
      const response = await inner.makeRequest(...request);
      const readBody = response.toJSON.bind(response);
      response.toJSON = async () => {
        const body: unknown = await readBody();
        if (typeof body !== "object" || body === null) throw new SyntaxError("the body is not a JSON object");
        return body;
      };
      return response;
    },
  };
}
