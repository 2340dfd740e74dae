import { percentDecodedBytes, redactCredentials } from "../util/index.ts";

/**
 * Fetches what lies under an http(s) URL. A user name and password in it go as a header of Basic authentication, which a redirect to
 * another origin does not carry on; so the URL of the request, which errors may quote, has none.
 * @throws Error if there is no answer or none of success; its message holds no credential
 */
export async function fetchUrl(location: string, signal: AbortSignal | undefined): Promise<Response> {
  const url = new URL(location);
  const { username, password } = url;
  url.username = url.password = "";
  const login = Buffer.concat([percentDecodedBytes(username), Buffer.from(":"), percentDecodedBytes(password)]).toString("base64");
  try {
    const response = await fetch(url, {
      ...(username === "" && password === "" ? {} : { headers: { authorization: `Basic ${login}` } }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
    return response;
  } catch (error) {
    signal?.throwIfAborted();
    throw withoutCredentials(error);
  }
}

/** The error and its causes, rewritten: what was asked, and where a redirect led, may hold tokens. */
function withoutCredentials(error: unknown): Error {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return new Error(redactCredentials(message), cause === undefined ? {} : { cause: withoutCredentials(cause) });
}
