/** A tool that asks with axios: bundled for Node by node-libraries.e2e.test.ts. */
import axios, { AxiosError } from "axios";

/** What it found, in order: see the test. */
export async function ask({ origin, adapter }: { origin: string; adapter: string }): Promise<unknown[]> {
  const client = axios.create({ baseURL: origin, adapter });
  const fail = async (path: string, options = {}): Promise<unknown> => {
    try {
      return (await client.get(path, options)).status;
    } catch (error) {
      return error instanceof AxiosError ? [error.code, error.response?.status ?? null] : String(error);
    }
  };
  const echo = await client.get("/echo", { params: { q: "a b" }, headers: { Cookie: "c=1" } });
  const posted = await client.post("/echo", { a: 1 });
  const form = new FormData();
  form.append("f", new Blob(["in the file"]), "a.txt");
  const multipart = await client.post("/echo", form);
  const bytes = await client.get("/bytes?size=300000", { responseType: "arraybuffer" });
  return [
    echo.status,
    echo.data.url,
    echo.data.headers.cookie,
    posted.data.body,
    multipart.data.body.includes("in the file"),
    bytes.data.byteLength,
    (await client.get("/gzip")).data,
    (await client.get("/redirect")).data.url,
    await fail("/status/404"),
    await fail("http://denied.example/"),
    await fail("/never", { timeout: 100 }),
  ];
}
