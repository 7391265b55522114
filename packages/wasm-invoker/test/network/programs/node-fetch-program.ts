/** A tool that asks with node-fetch: bundled for Node by node-libraries.e2e.test.ts. */
import { Readable } from "node:stream";
import fetch, { Blob, FetchError, FormData } from "node-fetch";

interface Echo {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What it found, in order: see the test. */
export async function ask({ origin }: { origin: string }): Promise<unknown[]> {
  const echo = (await (await fetch(`${origin}/echo`, { headers: { Cookie: "c=1" } })).json()) as Echo;
  const posted = (await (await fetch(`${origin}/echo`, { method: "POST", body: "text" })).json()) as Echo;
  const form = new FormData();
  form.append("f", new Blob(["in the file"]), "a.txt");
  const multipart = (await (await fetch(`${origin}/echo`, { method: "POST", body: form })).json()) as Echo;
  const body = Readable.from([Buffer.from("a"), Buffer.from("b")]);
  const streamed = await (await fetch(`${origin}/same`, { method: "POST", body })).text();
  const redirected = await fetch(`${origin}/redirect`);
  const fail = async (url: string, signal?: AbortSignal): Promise<unknown> => {
    try {
      return (await fetch(url, signal ? { signal } : {})).status;
    } catch (error) {
      return error instanceof FetchError ? [error.name, error.code] : error instanceof Error && error.name;
    }
  };
  return [
    echo.headers["cookie"],
    posted.body,
    multipart.body.includes("in the file"),
    streamed,
    redirected.redirected,
    ((await redirected.json()) as Echo).url,
    await (await fetch(`${origin}/gzip`)).text(),
    await fail("http://denied.example/"),
    await fail(`${origin}/never`, AbortSignal.timeout(50)),
  ];
}
