// The npm package oidc-provider as an authorization server, with its own pages for development.
// It answers the queries of tests/interop/program.py, and serves until its input ends.

import { createServer } from "node:http";
import { createInterface } from "node:readline";

// The package writes hints with console.info; standard output is for answers.
console.log = console.info = console.warn = console.error;
const { Provider } = await import("oidc-provider");

const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [{
    client_id: "workdiary",
    application_type: "native",
    token_endpoint_auth_method: "none",
    // A native client may use any port of it (RFC 8252 section 7.3).
    redirect_uris: ["http://127.0.0.1/callback"],
  }, {
    client_id: "marketplace",
    client_secret: "the secret of the marketplace at the provider",
    application_type: "native",
    redirect_uris: ["http://127.0.0.1/oidc/callback"],
  }],
  cookies: { keys: ["a key of the tests"] },
});
server.on("request", provider.callback());

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let value = issuer;
  if (asked.ask === "account") {
    const token = await provider.AccessToken.find(asked.token);
    value = token === undefined ? null : token.accountId;
  }
  process.stdout.write(`${JSON.stringify({ value })}\n`);
}
server.closeAllConnections();
server.close();
