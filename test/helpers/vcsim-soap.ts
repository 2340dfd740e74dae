import { request } from "node:https";
import type { Vcsim } from "../../tools/vcsim/index.ts";

/** Text as XML has it. */
const xml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The body of a log-in. */
export const login = ({ user, password }: Vcsim): string =>
  `<Login xmlns="urn:vim25"><_this type="SessionManager">SessionManager</_this><userName>${xml(user)}</userName><password>${xml(password)}</password></Login>`;

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly cookie: string;
}

/** Calls a method of the SOAP API. @param body the method */
export const soap = (target: Vcsim, body: string, cookie = ""): Promise<Answer> =>
  ask(
    target,
    "POST",
    "/sdk",
    { cookie },
    `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><Body>${body}</Body></Envelope>`,
  );

/** Any request. */
export function ask(target: Vcsim, method: string, path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`https://${target.server}${path}`, { method, headers, ca: target.ca, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        const cookie = response.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
        resolve({ status: response.statusCode ?? 0, text, cookie });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
